import * as tf from '@tensorflow/tfjs'
import { asRows, columnSum } from './column-sum.ts'

/** x W + b over the last axis. */
export function dense(x: tf.Tensor, weight: tf.Tensor2D, bias: tf.Tensor1D | null): tf.Tensor {
  // With one row a picture the gradient of tfjs is quick enough, and earlier runs keep their bits: the order of the sums is another.
  if (x.rank === 2) {
    const y = tf.matMul(x as tf.Tensor2D, weight)
    return bias ? tf.add(y, bias) : y
  }
  const rows = product(asRows(x), weight)
  const y = bias ? addBias(rows, bias) : rows
  return y.reshape([...x.shape.slice(0, -1), weight.shape[1]])
}

/**
 * x W with its own gradient, in which factors are transposed before the product: tfjs-wasm multiplies with transposed factors in a plain
 * loop, about ten times slower.
 */
function product(x: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor2D {
  const run = tf.customGrad((...args) => {
    const [x, weight, save] = args as unknown as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc]
    save([x, weight])
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [x, weight] = saved as [tf.Tensor2D, tf.Tensor2D]
      return [tf.matMul(dy as tf.Tensor2D, tf.transpose(weight)), tf.matMul(tf.transpose(x), dy as tf.Tensor2D)]
    }
    return { value: tf.matMul(x, weight), gradFunc }
  })
  return run(x, weight) as tf.Tensor2D
}

function addBias(rows: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  const run = tf.customGrad((...args) => {
    const [rows, bias] = args as [tf.Tensor2D, tf.Tensor1D]
    return { value: tf.add<tf.Tensor2D>(rows, bias), gradFunc: (dy: tf.Tensor) => [dy, columnSum(dy)] }
  })
  return run(rows, bias) as tf.Tensor2D
}
