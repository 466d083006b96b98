import type { Layer } from '../models/types.ts'
import type { ConvShape, Norm, NormGradient, Operation, Region } from './operations.ts'
import type { PlanWriter } from './writer.ts'

/** A layer with its place in the plan. */
export interface Placed<L extends Layer = Layer> {
  layer: L
  name: string
  inputs: Region[]
  /** of one picture, of the first input */
  inputShape: number[]
  /** of one picture */
  shape: number[]
  /** merged into a normalization: added to its result, then a ReLU */
  residual: Region | null
  relu: boolean
}

/** What a layer leaves behind when its forward operations are written. */
export interface Written {
  output: Region
  /** Writes the gradients of parameters, and contributes those of the inputs. */
  backward(dOutput: Region): void
}

/** Writes the forward operations of a layer. */
export type Rule<L extends Layer> = (p: PlanWriter, placed: Placed<L>) => Written

type LayerOf<K extends Layer['op']> = Extract<Layer, { op: K }>

/** The plan operations of every layer type. */
const rules: { [K in Layer['op']]: Rule<LayerOf<K>> } = {
  input(p) {
    const x = p.constant(p.perPicture('pictures', 32 * 32 * 3))
    p.emit({ op: 'pictures', x, batch: p.batch })
    return { output: x, backward() {} }
  },

  conv(p, { layer: { weight, stride, pad }, name, inputs: [x], inputShape, shape: out }) {
    const [height, width, channels] = inputShape
    const [outHeight, outWidth, outChannels] = out
    const shape = { batch: p.batch, height, width, channels, outHeight, outWidth, outChannels, kernel: weight.shape[0], stride, pad }
    const y = p.perPicture(name, product(out))
    p.emit({ op: 'conv', shape, x, weight, bias: null, y })
    return {
      output: y,
      backward(dy) {
        p.emit({ op: 'conv-filter-gradient', shape, x, dy, weight })
        p.contribute(x, (addend) => {
          const dx = p.region(`d ${x.name}`, x.size)
          p.emit({ op: 'conv-input-gradient', shape, dy, weight, addend, dx })
          return dx
        })
      },
    }
  },

  'group-norm'(p, placed) {
    const { layer, name } = placed
    const statistics = p.perPicture(`${name} statistics`, 2 * layer.groups)
    const norm = normOf(p, placed, statistics)
    p.emit({ op: 'group-norm', groups: layer.groups, ...norm })
    return {
      output: norm.y,
      backward: normBackward(p, norm, (gradient) => ({ op: 'group-norm-gradient', groups: layer.groups, ...gradient })),
    }
  },

  'batch-norm'(p, placed) {
    const { layer, name } = placed
    const norm = normOf(p, placed, p.region(`${name} statistics`, 2 * layer.scale.size))
    const from = p.mode === 'training' ? 'batch' : 'running'
    p.emit({ op: 'batch-norm', from, update: p.purpose === 'gradient', mean: layer.mean, variance: layer.variance, ...norm })
    return { output: norm.y, backward: normBackward(p, norm, (gradient) => ({ op: 'batch-norm-gradient', ...gradient })) }
  },

  'layer-norm'(p, { layer: { epsilon, scale, bias }, name, inputs: [x] }) {
    const columns = scale.size
    const rows = x.size / columns
    const y = p.region(name, x.size)
    const norm = { rows, columns, epsilon, scale, bias, x, y, statistics: p.region(`${name} statistics`, 2 * rows) }
    p.emit({ op: 'layer-norm', ...norm })
    return {
      output: y,
      backward(dy) {
        const dx = p.region(`d ${x.name}`, x.size)
        // Scale and bias want their gradients also where the input wants none.
        p.emit({ op: 'layer-norm-gradient', ...norm, dy, dx })
        p.contribute(x, (addend) => p.sum(dx, addend))
      },
    }
  },

  gelu(p, { name, inputs: [x] }) {
    const y = p.region(name, x.size)
    p.emit({ op: 'gelu', x, y })
    return {
      output: y,
      backward(dy) {
        p.contributeBy(x, (dx) => ({ op: 'gelu-gradient', x, dy, dx }))
      },
    }
  },

  patches(p, { layer: { size, shift }, name, inputs: [x], shape }) {
    // Only pictures are cut, and they need no gradient.
    const y = p.constant(p.perPicture(name, product(shape)))
    p.emit({ op: 'patches', batch: p.batch, size, shift, x, y })
    return { output: y, backward() {} }
  },

  tokens(p, { layer: { classToken, position }, name, inputs: [x], inputShape: [rows, columns], shape: out }) {
    const shape = { batch: p.batch, rows, columns }
    const y = p.perPicture(name, product(out))
    p.emit({ op: 'tokens', shape, classToken, position, x, y })
    return {
      output: y,
      backward(dy) {
        const dx = p.needsGradient(x) ? p.region(`d ${x.name}`, x.size) : null
        p.emit({ op: 'tokens-gradient', shape, classToken, position, dy, dx })
        if (dx) p.contribute(x, (addend) => p.sum(dx, addend))
      },
    }
  },

  'first-token'(p, { name, inputs: [x], inputShape: [rows, columns] }) {
    const shape = { batch: p.batch, rows, columns }
    const y = p.perPicture(name, columns)
    p.emit({ op: 'first-row', shape, x, y })
    return {
      output: y,
      backward(dy) {
        p.contributeBy(x, (dx) => ({ op: 'first-row-gradient', shape, dy, dx }))
      },
    }
  },

  attention(p, { layer: { heads, temperature, masked }, name, inputs: [x], shape: [tokens, width] }) {
    const y = p.perPicture(name, tokens * width)
    const logSums = p.perPicture(`${name} log sums`, heads * tokens)
    const attention = { shape: { batch: p.batch, tokens, width, heads }, temperature, masked, x, y, logSums }
    p.emit({ op: 'attention', ...attention })
    return {
      output: y,
      backward(dy) {
        p.contributeBy(x, (dx) => ({ op: 'attention-gradient', ...attention, dy, dx }))
      },
    }
  },

  relu(p, { name, inputs: [x] }) {
    const y = p.region(name, x.size)
    p.emit({ op: 'relu', x, y })
    return {
      output: y,
      backward(dy) {
        p.contributeBy(x, (dx) => ({ op: 'relu-gradient', y, dy, dx }))
      },
    }
  },

  add(p, { name, inputs: [a, b] }) {
    const y = p.region(name, a.size)
    p.emit({ op: 'add', a, b, y })
    return {
      output: y,
      backward(dy) {
        for (const input of [a, b]) p.contribute(input, (addend) => p.sum(dy, addend))
      },
    }
  },

  'max-pool'(p, { layer: { size }, name, inputs: [x], inputShape, shape: out }) {
    const [height, width, channels] = inputShape
    const shape = { batch: p.batch, height, width, channels, size }
    const y = p.perPicture(name, product(out))
    p.emit({ op: 'max-pool', shape, x, y })
    return {
      output: y,
      backward(dy) {
        p.contributeBy(x, (dx) => ({ op: 'max-pool-gradient', shape, x, y, dy, dx }))
      },
    }
  },

  'mean-pool'(p, { name, inputs: [x], inputShape: [height, width, channels] }) {
    const shape = { batch: p.batch, positions: height * width, channels }
    const y = p.perPicture(name, channels)
    p.emit({ op: 'mean-pool', shape, x, y })
    return {
      output: y,
      backward(dy) {
        p.contributeBy(x, (dx) => ({ op: 'mean-pool-gradient', shape, dy, dx }))
      },
    }
  },

  flatten(_p, { inputs: [x] }) {
    // Row-major already: the same region under another shape, so it has the same gradient.
    return { output: x, backward() {} }
  },

  dense(p, { layer: { weight, bias }, name, inputs: [x], inputShape }) {
    const [channels, outChannels] = weight.shape
    const rows = (p.batch * product(inputShape)) / channels
    const shape = rowsShape(rows, channels, outChannels)
    const y = p.region(name, rows * outChannels)
    p.emit({ op: 'conv', shape, x, weight, bias, y })
    return {
      output: y,
      backward(dy) {
        p.emit({ op: 'conv-filter-gradient', shape, x, dy, weight })
        if (bias) p.emit({ op: 'row-sum', rows, columns: outChannels, dy, bias })
        p.contribute(x, (addend) => {
          const dx = p.region(`d ${x.name}`, x.size)
          p.emit({ op: 'conv-input-gradient', shape, dy, weight, addend, dx })
          return dx
        })
      },
    }
  },
}

/** Writes the forward operations of any layer. */
export function writeLayer(p: PlanWriter, placed: Placed): Written {
  return (rules[placed.layer.op] as Rule<Layer>)(p, placed)
}

/** What group and batch normalization have in common. */
function normOf(p: PlanWriter, placed: Placed<LayerOf<'group-norm' | 'batch-norm'>>, statistics: Region): Norm {
  const { layer, name, inputs, inputShape, residual, relu } = placed
  const [height, width, channels] = inputShape
  const { epsilon, scale, bias } = layer
  const [x] = inputs
  const shape = { batch: p.batch, positions: height * width, channels }
  return { shape, epsilon, scale, bias, relu, x, residual, y: p.region(name, x.size), statistics }
}

function normBackward(p: PlanWriter, norm: Norm, operation: (gradient: Norm & NormGradient) => Operation): Written['backward'] {
  return (dy) => {
    const { x, y, relu, residual } = norm
    const dz = relu ? p.region(`d ${y.name} before relu`, x.size) : dy
    const dx = p.region(`d ${x.name}`, x.size)
    p.emit(operation({ ...norm, dy, dz, dx }))
    p.contribute(x, (addend) => p.sum(dx, addend))
    if (residual) p.contribute(residual, (addend) => p.sum(dz, addend))
  }
}

/** A matrix product as a 1x1 convolution: its rows laid out as a picture of a width that kernels like. */
function rowsShape(rows: number, channels: number, outChannels: number): ConvShape {
  const width = [16, 8, 4, 2, 1].find((width) => rows % width === 0) as number
  const height = rows / width
  return { batch: 1, height, width, channels, outHeight: height, outWidth: width, outChannels, kernel: 1, stride: 1, pad: 0 }
}

const product = (shape: number[]) => shape.reduce((a, b) => a * b, 1)
