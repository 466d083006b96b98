import * as tf from '@tensorflow/tfjs'
import { spatialMean } from './spatial-mean.ts'

/**
 * Group normalization of [N, H, W, C] with its own gradient: y = scale (x - mean_g) / sqrt(var_g + epsilon) + bias, mean and
 * variance per picture and group of neighboring channels.
 *
 * Means over positions go through average pooling and the rest are broadcasts over [N, 1, 1, C]: on wasm both are fast.
 */
export function groupNorm(x: tf.Tensor4D, scale: tf.Tensor1D, bias: tf.Tensor1D, groups: number, epsilon: number): tf.Tensor4D {
  const run = tf.customGrad((...args) => {
    const [x, scale, bias, save] = args as unknown as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.GradSaveFunc]
    const centered = tf.sub<tf.Tensor4D>(x, groupMean(x, groups))
    const invStd = tf.rsqrt(tf.add(groupMean(tf.square(centered) as tf.Tensor4D, groups), epsilon))
    const normalized = tf.mul(centered, invStd)
    save([normalized, invStd, scale])
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [normalized, invStd, scale] = saved as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D]
      const [count, height, width] = normalized.shape
      const product = tf.mul(dy, normalized) as tf.Tensor4D
      const meanDy = spatialMean(dy as tf.Tensor4D)
      const meanProduct = spatialMean(product)
      const positions = height * width
      // d normalized = scale dy; both group means weigh channels by their scale.
      const a = shareInGroup(tf.mul(meanDy, scale), groups)
      const b = shareInGroup(tf.mul(meanProduct, scale), groups)
      const dx = tf.sub(tf.mul(dy, tf.mul(scale, invStd)), tf.mul(invStd, tf.add(a, tf.mul(normalized, b))))
      const dScale = tf.mul(tf.sum(meanProduct.reshape([count, -1]), 0), positions)
      const dBias = tf.mul(tf.sum(meanDy.reshape([count, -1]), 0), positions)
      return [dx, dScale, dBias]
    }
    return { value: tf.add(tf.mul(normalized, scale), bias) as tf.Tensor4D, gradFunc }
  })
  return run(x, scale, bias) as tf.Tensor4D
}

/** [N, 1, 1, C] -> [N, 1, 1, C], every channel the mean of its group. */
function shareInGroup(x: tf.Tensor, groups: number): tf.Tensor4D {
  const [count, , , channels] = x.shape as [number, number, number, number]
  const mean = tf.mean(x.reshape([count, groups, channels / groups]), 2, true)
  return tf.tile(mean, [1, 1, channels / groups]).reshape([count, 1, 1, channels])
}

/** [N, H, W, C] -> [N, 1, 1, C], every channel the mean of its group over all positions. */
function groupMean(x: tf.Tensor4D, groups: number): tf.Tensor4D {
  return shareInGroup(spatialMean(x), groups)
}
