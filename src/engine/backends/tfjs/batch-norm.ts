import * as tf from '@tensorflow/tfjs'
import { type Layer, RUNNING_MOMENTUM, type StateSlot } from '../../models/types.ts'
import type { LayerContext } from './layer-context.ts'
import { spatialMean } from './spatial-mean.ts'

type BatchNorm = Extract<Layer, { op: 'batch-norm' }>

/**
 * Batch normalization of [N, H, W, C]: y = scale (x - mean) / sqrt(var + epsilon) + bias per channel. In training mean and variance are
 * the batch's, and the running statistics move towards them; in evaluation they are the running ones.
 */
export function batchNorm(x: tf.Tensor4D, layer: BatchNorm, context: LayerContext): tf.Tensor4D {
  const scale = context.parameter(layer.scale) as tf.Tensor1D
  const bias = context.parameter(layer.bias) as tf.Tensor1D
  if (!context.training) {
    const invStd = tf.rsqrt(tf.add(context.state(layer.variance), layer.epsilon))
    return tf.add(tf.mul(tf.sub(x, context.state(layer.mean)), tf.mul(scale, invStd)), bias)
  }
  const move = (slot: StateSlot, values: tf.Tensor) =>
    context.replaceState(slot, tf.add(tf.mul(context.state(slot), 1 - RUNNING_MOMENTUM), tf.mul(values, RUNNING_MOMENTUM)))
  return normalizeBatch(x, scale, bias, layer.epsilon, (mean, variance) => {
    const count = x.shape[0] * x.shape[1] * x.shape[2]
    move(layer.mean, mean)
    move(layer.variance, tf.mul(variance, count / (count - 1)))
  })
}

/** With its own gradient; tells the batch's mean and variance (over the count), both [C]. */
export function normalizeBatch(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  bias: tf.Tensor1D,
  epsilon: number,
  tell: (mean: tf.Tensor1D, variance: tf.Tensor1D) => void,
): tf.Tensor4D {
  const run = tf.customGrad((...args) => {
    const [x, scale, bias, save] = args as unknown as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.GradSaveFunc]
    const mean = channelMean(x)
    const centered = tf.sub<tf.Tensor4D>(x, mean)
    const variance = channelMean(tf.square(centered))
    const invStd = tf.rsqrt(tf.add(variance, epsilon))
    const normalized = tf.mul(centered, invStd)
    tell(mean, variance)
    save([normalized, invStd, scale])
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [normalized, invStd, scale] = saved as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D]
      const meanDy = channelMean(dy as tf.Tensor4D)
      const meanProduct = channelMean(tf.mul(dy, normalized))
      const dx = tf.mul(tf.sub(tf.sub(dy, meanDy), tf.mul(normalized, meanProduct)), tf.mul(scale, invStd))
      const count = normalized.size / normalized.shape[3]
      return [dx, tf.mul(meanProduct, count), tf.mul(meanDy, count)]
    }
    return { value: tf.add(tf.mul(normalized, scale), bias), gradFunc }
  })
  return run(x, scale, bias) as tf.Tensor4D
}

/** [N, H, W, C] -> [C] */
function channelMean(x: tf.Tensor4D): tf.Tensor1D {
  const [count, , , channels] = x.shape
  return tf.mean(spatialMean(x).reshape([count, channels]), 0)
}
