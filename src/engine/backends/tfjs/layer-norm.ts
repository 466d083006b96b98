import * as tf from '@tensorflow/tfjs'
import { columnSum } from './column-sum.ts'

/** Normalization over the last axis with its own gradient: y = scale (x - mean) / sqrt(var + epsilon) + bias, variance over the count. */
export function layerNorm(x: tf.Tensor, scale: tf.Tensor1D, bias: tf.Tensor1D, epsilon: number): tf.Tensor {
  const run = tf.customGrad((...args) => {
    const [x, scale, bias, save] = args as unknown as [tf.Tensor, tf.Tensor1D, tf.Tensor1D, tf.GradSaveFunc]
    const centered = tf.sub(x, tf.mean(x, -1, true))
    const invStd = tf.rsqrt(tf.add(tf.mean(tf.square(centered), -1, true), epsilon))
    const normalized = tf.mul(centered, invStd)
    save([normalized, invStd, scale])
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [normalized, invStd, scale] = saved
      const dNormalized = tf.mul(dy, scale)
      const along = tf.mul(normalized, tf.mean(tf.mul(dNormalized, normalized), -1, true))
      const dx = tf.mul(invStd, tf.sub(tf.sub(dNormalized, tf.mean(dNormalized, -1, true)), along))
      return [dx, columnSum(tf.mul(dy, normalized)), columnSum(dy)]
    }
    return { value: tf.add(tf.mul(normalized, scale), bias), gradFunc }
  })
  return run(x, scale, bias)
}
