import { RUNNING_MOMENTUM } from '../../models/types.ts'
import type { ConvShape, Norm, Operation, OperationOf, Region } from '../../plan/index.ts'
import type { Kernels } from './heap.ts'

/** Addresses of what is another one with every call. */
export interface Places {
  parameters: number
  gradient: number
  state: number
  scratch: number
}

/** Addresses of what stays where it is. */
export interface Layout {
  of(region: Region): number
  labels: number
  pixels: number
  crops: number
  table: number
}

/** An operation over memory. */
export interface Step {
  /** floats */
  scratch?: number
  run(at: Places): void
}

type Maker<K extends Operation['op']> = (operation: OperationOf<K>, k: Kernels, layout: Layout) => Step

/** How each operation of a plan calls the kernels. */
const makers: { [K in Operation['op']]: Maker<K> } = {
  pictures: ({ x, batch }, k, { of, pixels, crops, table }) => ({ run: () => k.pictures(pixels, crops, table, of(x), batch) }),

  conv({ shape, x, weight, bias, y }, k, { of }) {
    const { batch, height, width, channels, outChannels, kernel, pad } = shape
    if (!bias && isWinograd(shape))
      return {
        scratch: k.winogradConvScratch(height, width, channels, outChannels),
        run({ parameters, scratch }) {
          const weights = parameters + 4 * weight.offset
          k.winogradConv(of(x), weights, 0, 0, of(y), batch, height, width, channels, outChannels, scratch)
        },
      }
    return {
      scratch: k.convScratch(height, width, channels, outChannels, kernel, pad),
      run({ parameters, scratch }) {
        const added = bias ? parameters + 4 * bias.offset : 0
        k.conv(of(x), parameters + 4 * weight.offset, added, of(y), ...sizes(shape), scratch)
      },
    }
  },

  'conv-input-gradient'({ shape, dy, weight, addend, dx }, k, { of }) {
    const { batch, height, width, channels, outChannels, kernel, pad } = shape
    const added = addend ? of(addend) : 0
    if (isWinograd(shape))
      return {
        scratch: k.winogradConvScratch(height, width, outChannels, channels),
        run({ parameters, scratch }) {
          const weights = parameters + 4 * weight.offset
          k.winogradConv(of(dy), weights, 1, added, of(dx), batch, height, width, outChannels, channels, scratch)
        },
      }
    return {
      scratch: k.convScratch(height, width, channels, outChannels, kernel, pad),
      run({ parameters, scratch }) {
        k.convInputGradient(of(dy), parameters + 4 * weight.offset, added, of(dx), ...sizes(shape), scratch)
      },
    }
  },

  'conv-filter-gradient'({ shape, x, dy, weight }, k, { of }) {
    const { batch, height, width, channels, outChannels, kernel, pad } = shape
    if (isWinograd(shape))
      return {
        scratch: k.winogradFilterScratch(height, width, channels, outChannels),
        run({ gradient, scratch }) {
          const into = gradient + 4 * weight.offset
          k.winogradFilterGradient(of(x), of(dy), into, batch, height, width, channels, outChannels, scratch)
        },
      }
    return {
      scratch: k.convScratch(height, width, channels, outChannels, kernel, pad),
      run({ gradient, scratch }) {
        k.convFilterGradient(of(x), of(dy), gradient + 4 * weight.offset, ...sizes(shape), scratch)
      },
    }
  },

  'row-sum': ({ rows, columns, dy, bias }, k, { of }) => ({
    run: ({ gradient }) => k.rowSum(of(dy), rows, columns, gradient + 4 * bias.offset),
  }),

  'group-norm': ({ groups, ...norm }, k, layout) => normalization(norm, [norm.shape.batch, norm.shape.positions, groups], k, layout),

  'group-norm-gradient': ({ groups, ...norm }, k, layout) =>
    normalizationGradient(norm, [norm.shape.batch, norm.shape.positions, groups], k, layout),

  // All positions of the batch are one picture's, and each channel is a group.
  'batch-norm'({ from, update, mean, variance, ...norm }, k, layout) {
    const { shape, epsilon, statistics } = norm
    const { channels } = shape
    const count = shape.batch * shape.positions
    const apply = normalization(norm, [1, count, channels], k, layout, from === 'batch')
    return {
      scratch: apply.scratch,
      run(at) {
        const [means, variances] = [at.state + 4 * mean.offset, at.state + 4 * variance.offset]
        if (from === 'running') k.runningStatistics(means, variances, layout.of(statistics), channels, epsilon)
        apply.run(at)
        if (update) k.moveRunning(layout.of(statistics), means, variances, channels, count, epsilon, RUNNING_MOMENTUM)
      },
    }
  },

  'batch-norm-gradient': (norm, k, layout) =>
    normalizationGradient(norm, [1, norm.shape.batch * norm.shape.positions, norm.shape.channels], k, layout),

  // Each row is a picture of one position, with one group.
  'layer-norm': ({ rows, columns, ...rest }, k, layout) =>
    normalization(
      { shape: { batch: rows, positions: 1, channels: columns }, relu: false, residual: null, ...rest },
      [rows, 1, 1],
      k,
      layout,
    ),

  'layer-norm-gradient': ({ rows, columns, dy, ...rest }, k, layout) =>
    normalizationGradient(
      { shape: { batch: rows, positions: 1, channels: columns }, relu: false, residual: null, dy, dz: dy, ...rest },
      [rows, 1, 1],
      k,
      layout,
    ),

  relu: ({ x, y }, k, { of }) => ({ run: () => k.relu(of(x), of(y), y.size) }),
  'relu-gradient': ({ y, dy, dx }, k, { of }) => ({ run: () => k.reluGradient(of(y), of(dy), of(dx), dx.size) }),
  add: ({ a, b, y }, k, { of }) => ({ run: () => k.add(of(a), of(b), of(y), y.size) }),
  gelu: ({ x, y }, k, { of }) => ({ run: () => k.gelu(of(x), of(y), y.size) }),
  'gelu-gradient': ({ x, dy, dx }, k, { of }) => ({ run: () => k.geluGradient(of(x), of(dy), of(dx), dx.size) }),

  'max-pool': ({ shape: { batch, height, width, channels, size }, x, y }, k, { of }) => ({
    run: () => k.maxPool(of(x), of(y), batch, height, width, channels, size),
  }),
  'max-pool-gradient': ({ shape: { batch, height, width, channels, size }, x, y, dy, dx }, k, { of }) => ({
    run: () => k.maxPoolGradient(of(x), of(y), of(dy), of(dx), batch, height, width, channels, size),
  }),
  'mean-pool': ({ shape: { batch, positions, channels }, x, y }, k, { of }) => ({
    run: () => k.meanPool(of(x), of(y), batch, positions, channels),
  }),
  'mean-pool-gradient': ({ shape: { batch, positions, channels }, dy, dx }, k, { of }) => ({
    run: () => k.meanPoolGradient(of(dy), of(dx), batch, positions, channels),
  }),

  patches: ({ batch, size, shift, x, y }, k, { of }) => ({ run: () => k.patches(of(x), of(y), batch, size, shift) }),
  tokens: ({ shape: { batch, rows, columns }, classToken, position, x, y }, k, { of }) => ({
    run: ({ parameters }) =>
      k.tokens(of(x), parameters + 4 * classToken.offset, parameters + 4 * position.offset, of(y), batch, rows, columns),
  }),
  'tokens-gradient': ({ shape: { batch, rows, columns }, classToken, position, dy, dx }, k, { of }) => ({
    run({ gradient }) {
      const [ofClass, ofPosition] = [gradient + 4 * classToken.offset, gradient + 4 * position.offset]
      k.tokensGradient(of(dy), ofClass, ofPosition, dx ? of(dx) : 0, batch, rows, columns)
    },
  }),
  'first-row': ({ shape: { batch, rows, columns }, x, y }, k, { of }) => ({ run: () => k.firstRow(of(x), of(y), batch, rows, columns) }),
  'first-row-gradient': ({ shape: { batch, rows, columns }, dy, dx }, k, { of }) => ({
    run: () => k.firstRowGradient(of(dy), of(dx), batch, rows, columns),
  }),

  attention: ({ shape: { batch, tokens, width, heads }, temperature, masked, x, y, logSums }, k, { of }) => ({
    scratch: k.attentionScratch(tokens, width / heads),
    run({ parameters, scratch }) {
      const factors = temperature ? parameters + 4 * temperature.offset : 0
      k.attention(of(x), factors, Number(masked), of(y), of(logSums), batch, tokens, width, heads, scratch)
    },
  }),
  'attention-gradient': ({ shape, temperature, masked, x, logSums, dy, dx }, k, { of }) => {
    const { batch, tokens, width, heads } = shape
    return {
      scratch: k.attentionScratch(tokens, width / heads),
      run({ parameters, gradient, scratch }) {
        const [factors, into] = temperature ? [parameters + 4 * temperature.offset, gradient + 4 * temperature.offset] : [0, 0]
        const given = [of(x), factors, Number(masked), of(logSums), of(dy), of(dx), into]
        k.attentionGradient(...given, batch, tokens, width, heads, scratch)
      },
    }
  },

  'cross-entropy': ({ batch, classes, logits, results, dLogits }, k, { of, labels }) => ({
    run: () => k.crossEntropy(of(logits), labels, of(results), dLogits ? of(dLogits) : 0, batch, classes),
  }),
}

export function stepOf(operation: Operation, kernels: Kernels, layout: Layout): Step {
  return (makers[operation.op] as Maker<Operation['op']>)(operation, kernels, layout)
}

/** Whether the fast form takes this convolution. */
function isWinograd({ height, width, channels, outChannels, kernel, stride, pad }: ConvShape): boolean {
  return kernel === 3 && stride === 1 && pad === 1 && [height, width, channels, outChannels].every((size) => size % 4 === 0)
}

/** in the order in which the kernels take them */
function sizes({ batch, height, width, channels, outHeight, outWidth, outChannels, kernel, stride, pad }: ConvShape): number[] {
  return [batch, height, width, channels, outHeight, outWidth, outChannels, kernel, stride, pad]
}

/** @param extent batch, positions and groups as the kernels see them */
function normalization(norm: Norm, extent: number[], k: Kernels, { of }: Layout, measured = true): Step {
  const { shape, epsilon, scale, bias, relu, x, residual, y, statistics } = norm
  const [batch, positions, groups] = extent
  const { channels } = shape
  return {
    scratch: k.normScratch(channels),
    run({ parameters, scratch }) {
      if (measured) k.normStatistics(of(x), of(statistics), batch, positions, channels, groups, epsilon, scratch)
      const [factors, added] = [parameters + 4 * scale.offset, parameters + 4 * bias.offset]
      const to = [residual ? of(residual) : 0, Number(relu), of(y)]
      k.normApply(of(x), of(statistics), factors, added, ...to, batch, positions, channels, groups, scratch)
    },
  }
}

function normalizationGradient(norm: Norm & { dy: Region; dz: Region; dx: Region }, extent: number[], k: Kernels, { of }: Layout): Step {
  const { shape, scale, bias, relu, x, y, dy, dz, dx, statistics } = norm
  const [batch, positions, groups] = extent
  const { channels } = shape
  return {
    scratch: k.normScratch(channels),
    run({ parameters, gradient, scratch }) {
      const given = [of(x), of(y), of(dy), of(statistics), parameters + 4 * scale.offset, Number(relu), of(dz), of(dx)]
      const into = [gradient + 4 * scale.offset, gradient + 4 * bias.offset]
      k.normGradient(...given, ...into, batch, positions, channels, groups, scratch)
    },
  }
}
