import * as tf from '@tensorflow/tfjs'

/** [N, H, W, C] -> [N, 1, 1, C]. By average pooling: on wasm a reduction over inner axes would transpose the whole activation first. */
export function spatialMean(x: tf.Tensor4D): tf.Tensor4D {
  return tf.avgPool(x, [x.shape[1], x.shape[2]], 1, 'valid')
}
