import * as tf from '@tensorflow/tfjs'
import type { Layer, Parameter } from '../../models/types.ts'
import { groupNorm } from './group-norm.ts'

/** The tfjs form of a layer: inputs are batched NHWC tensors, parameters come from the flat vector. */
export function applyLayer(layer: Layer, inputs: tf.Tensor[], parameter: (p: Parameter) => tf.Tensor): tf.Tensor {
  const [x] = inputs
  switch (layer.op) {
    case 'input':
      return x
    case 'conv':
      return tf.conv2d(x as tf.Tensor4D, parameter(layer.weight) as tf.Tensor4D, layer.stride, layer.pad)
    case 'group-norm':
      return groupNorm(
        x as tf.Tensor4D,
        parameter(layer.scale) as tf.Tensor1D,
        parameter(layer.bias) as tf.Tensor1D,
        layer.groups,
        layer.epsilon,
      )
    case 'relu':
      return tf.relu(x)
    case 'max-pool':
      return tf.maxPool(x as tf.Tensor4D, layer.size, layer.size, 'valid')
    case 'mean-pool': {
      const [batch, height, width, channels] = x.shape
      return tf.avgPool(x as tf.Tensor4D, [height, width as number], 1, 'valid').reshape([batch, channels])
    }
    case 'add':
      return tf.add(x, inputs[1])
    case 'flatten':
      return x.reshape([x.shape[0], -1])
    case 'dense':
      return tf.add(tf.matMul(x as tf.Tensor2D, parameter(layer.weight) as tf.Tensor2D), parameter(layer.bias))
    default:
      layer satisfies never
      throw new Error('unreachable')
  }
}
