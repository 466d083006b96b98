import { lax, nn, numpy as np } from '@jax-js/jax'
import type { Model } from '../../../engine/index.ts'

type Layer = Model['nodes'][number]['layer']

/** Where a layer's parameters are. */
export type JaxParameters = (name: string) => np.Array

/**
 * The jax-js form of a layer. Pictures are [N, C, H, W], the layout of its convolutions; rows are [N, tokens, width]. Each value is used up
 * by the function that takes it, as everywhere in jax-js.
 * @throws Error for a layer that is not written here
 */
export function applyJaxLayer(layer: Layer, [x, other]: np.Array[], parameter: JaxParameters): np.Array {
  switch (layer.op) {
    case 'input':
      return x
    case 'conv': {
      const pads: [number, number] = [layer.pad, layer.pad]
      return lax.convGeneralDilated(x, parameter(layer.weight.name), [layer.stride, layer.stride], [pads, pads])
    }
    case 'group-norm': {
      const [count, channels, height, width] = x.shape
      const grouped = x.reshape([count, layer.groups, (channels / layer.groups) * height * width])
      const normalized = nn.standardize(grouped, -1, { epsilon: layer.epsilon }).reshape([count, channels, height, width])
      const perChannel = (name: string) => parameter(name).reshape([channels, 1, 1])
      return normalized.mul(perChannel(layer.scale.name)).add(perChannel(layer.bias.name))
    }
    case 'layer-norm':
      return nn.standardize(x, -1, { epsilon: layer.epsilon }).mul(parameter(layer.scale.name)).add(parameter(layer.bias.name))
    case 'relu':
      return nn.relu(x)
    case 'gelu':
      return nn.gelu(x, { approximate: false })
    case 'add':
      return x.add(other)
    case 'max-pool': {
      const [count, channels, height, width] = x.shape
      const { size } = layer
      return np.max(x.reshape([count, channels, height / size, size, width / size, size]), [3, 5])
    }
    case 'mean-pool':
      return np.mean(x, [2, 3])
    case 'flatten':
      // In the order of the lab's pictures, [N, H, W, C], so that the same weights fit.
      return np.transpose(x, [0, 2, 3, 1]).reshape([x.shape[0], -1])
    case 'dense': {
      const y = np.matmul(x, parameter(layer.weight.name))
      return layer.bias ? y.add(parameter(layer.bias.name)) : y
    }
    case 'patches': {
      if (layer.shift > 0) break
      const [count, channels, height, width] = x.shape
      const { size } = layer
      const [rows, columns] = [height / size, width / size]
      const cut = np.transpose(x.reshape([count, channels, rows, size, columns, size]), [0, 2, 4, 3, 5, 1])
      return cut.reshape([count, rows * columns, size * size * channels])
    }
    case 'tokens': {
      const [count, , width] = x.shape
      const first = np.broadcastTo(parameter(layer.classToken.name).reshape([1, 1, width]), [count, 1, width])
      return np.concatenate([first, x], 1).add(parameter(layer.position.name))
    }
    case 'attention': {
      if (layer.masked || layer.temperature) break
      const [count, tokens, columns] = x.shape
      const width = columns / 3
      const size = width / layer.heads
      // [3, N, heads, tokens, size]
      const [q, k, v] = np.transpose(x.reshape([count, tokens, 3, layer.heads, size]), [2, 0, 3, 1, 4])
      const weights = nn.softmax(np.matmul(q.mul(1 / Math.sqrt(size)), np.matrixTranspose(k)), -1)
      return np.transpose(np.matmul(weights, v), [0, 2, 1, 3]).reshape([count, tokens, width])
    }
    case 'first-token':
      return x.slice([], 0)
    default:
  }
  throw new Error(`jax-js: the layer ${layer.op} of this model is not written for it`)
}
