import * as tf from '@tensorflow/tfjs'

/** Sum over all axes but the last: [..., C] -> [C]. A product with ones, because tfjs transposes a whole tensor before such a sum on wasm. */
export function columnSum(x: tf.Tensor): tf.Tensor1D {
  const rows = asRows(x)
  return tf.matMul(tf.ones([1, rows.shape[0]]), rows).reshape([rows.shape[1]])
}

/** [..., C] -> [rows, C] */
export function asRows(x: tf.Tensor): tf.Tensor2D {
  return x.reshape([-1, x.shape[x.rank - 1]])
}
