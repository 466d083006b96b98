import * as tf from '@tensorflow/tfjs'

/** Nothing is left of it after a softmax. */
const MASKED = -987654321

/**
 * Multi-head attention: softmax(temperature q k') v for each head, softmax over the keys.
 *
 * @param qkv [N, tokens, 3 width], q, k and v side by side, each with its heads side by side
 * @param temperature [heads], or null for 1 / sqrt(width / heads)
 * @param masked no token attends to itself
 * @returns [N, tokens, width], heads side by side again
 */
export function attention(qkv: tf.Tensor3D, heads: number, temperature: tf.Tensor1D | null, masked: boolean): tf.Tensor3D {
  const [count, tokens, columns] = qkv.shape
  const width = columns / 3
  const size = width / heads
  /** [N, heads, tokens, size] */
  const third = (index: number) =>
    tf.transpose(tf.slice(qkv, [0, 0, index * width], [count, tokens, width]).reshape([count, tokens, heads, size]), [0, 2, 1, 3])
  // On q instead of on the scores, of which there are more.
  const q = tf.mul(third(0), temperature ? temperature.reshape([heads, 1, 1]) : 1 / Math.sqrt(size))
  const scores = tf.matMul(q, third(1), false, true)
  const weights = tf.softmax(masked ? maskDiagonal(scores, tokens) : scores)
  return tf.transpose(tf.matMul(weights, third(2)), [0, 2, 1, 3]).reshape([count, tokens, width])
}

function maskDiagonal(scores: tf.Tensor, tokens: number): tf.Tensor {
  const diagonal = tf.eye(tokens)
  return tf.add(tf.mul(scores, tf.sub(1, diagonal)), tf.mul(diagonal, MASKED))
}
