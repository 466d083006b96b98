import * as tf from '@tensorflow/tfjs'
import type { Layer } from '../../models/types.ts'
import { attention } from './attention.ts'
import { batchNorm } from './batch-norm.ts'
import { dense } from './dense.ts'
import { gelu } from './gelu.ts'
import { groupNorm } from './group-norm.ts'
import type { LayerContext } from './layer-context.ts'
import { layerNorm } from './layer-norm.ts'
import { patches } from './patches.ts'

/** The tfjs form of a layer: inputs are batched NHWC or [batch, token, channel] tensors. */
export function applyLayer(layer: Layer, inputs: tf.Tensor[], context: LayerContext): tf.Tensor {
  const [x] = inputs
  const vector = (parameter: Parameters<typeof context.parameter>[0]) => context.parameter(parameter) as tf.Tensor1D
  switch (layer.op) {
    case 'input':
      return x
    case 'conv':
      return tf.conv2d(x as tf.Tensor4D, context.parameter(layer.weight) as tf.Tensor4D, layer.stride, layer.pad)
    case 'group-norm':
      return groupNorm(x as tf.Tensor4D, vector(layer.scale), vector(layer.bias), layer.groups, layer.epsilon)
    case 'batch-norm':
      return batchNorm(x as tf.Tensor4D, layer, context)
    case 'layer-norm':
      return layerNorm(x, vector(layer.scale), vector(layer.bias), layer.epsilon)
    case 'relu':
      return tf.relu(x)
    case 'gelu':
      return gelu(x)
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
      return dense(x, context.parameter(layer.weight) as tf.Tensor2D, layer.bias && vector(layer.bias))
    case 'patches':
      return patches(x as tf.Tensor4D, layer.size, layer.shift)
    case 'tokens': {
      const [batch, , width] = x.shape
      const first = tf.tile(vector(layer.classToken).reshape([1, 1, width as number]), [batch, 1, 1])
      return tf.add(tf.concat([first, x], 1), context.parameter(layer.position))
    }
    case 'attention':
      return attention(x as tf.Tensor3D, layer.heads, layer.temperature && vector(layer.temperature), layer.masked)
    case 'first-token': {
      const [batch, , width] = x.shape
      return tf.slice(x, [0, 0, 0], [batch, 1, width as number]).reshape([batch, width as number])
    }
    default:
      layer satisfies never
      throw new Error('unreachable')
  }
}
