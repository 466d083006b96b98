import type { ChannelShape, Norm, OperationOf } from '../../../plan/index.ts'
import { type Kernel, typeOf, widthFor } from '../kernel.ts'

/** How a normalization's chunks and coefficients are laid out. */
export interface Chunking {
  /** positions that one thread sums up */
  chunk: number
  /** chunks of a picture */
  chunks: number
}

export function chunkingOf({ positions }: ChannelShape, chunk: number): Chunking {
  return { chunk, chunks: Math.ceil(positions / chunk) }
}

/** Mean and sum of squared deviations of each channel over chunks of positions: partial [batch, chunks, 2, channels]. */
export function channelMoments({ shape, x }: Norm, { chunk, chunks }: Chunking): Kernel {
  const { batch, positions, channels } = shape
  const width = widthFor(channels)
  const as = typeOf(width)
  return {
    name: 'channel moments',
    buffers: { x: { at: x, as }, partial: { at: 'partial', as, writes: true } },
    integers: { positions, chunk, chunks, channels: channels / width },
    threads: (batch * chunks * channels) / width,
    partial: batch * chunks * 2 * channels,
    body: `
let c = i % g.channels;
let block = i / g.channels;
let n = block / g.chunks;
let start = (block % g.chunks) * g.chunk;
let end = min(start + g.chunk, g.positions);
let shift = x[(n * g.positions + start) * g.channels + c];
var sum = ${as}();
var squares = ${as}();
for (var p = start; p < end; p++) {
  let d = x[(n * g.positions + p) * g.channels + c] - shift;
  sum = sum + d;
  squares = squares + d * d;
}
let mean = sum / f32(end - start);
partial[block * 2 * g.channels + c] = shift + mean;
partial[(block * 2 + 1) * g.channels + c] = squares - sum * mean;`,
  }
}

/** y = [relu] ((x - mean) factor + bias [+ residual]); coefficients [sets, 2, channels] are mean and factor, a set for each picture or one for all. */
export function normalize({ shape, bias, relu, x, residual, y }: Norm, sets: number): Kernel {
  const { positions, channels } = shape
  const width = widthFor(channels)
  const as = typeOf(width)
  const biases = Array.from({ length: width }, (_, k) => `parameters[g.bias + c * ${width} + ${k}]`)
  return {
    name: 'normalize',
    buffers: {
      x: { at: x, as },
      coefficients: { at: 'coefficients', as },
      parameters: { at: 'parameters', as: 'f32' },
      ...(residual && { residual: { at: residual, as } }),
      y: { at: y, as, writes: true },
    },
    integers: { perSet: sets === 1 ? x.size : positions * channels, channels: channels / width, bias: bias.offset },
    threads: x.size / width,
    body: `
let c = i % g.channels;
let own = i * ${width} / g.perSet * 2 * g.channels;
let z = (x[i] - coefficients[own + c]) * coefficients[own + g.channels + c] + ${as}(${biases.join(', ')})${residual ? ' + residual[i]' : ''};
y[i] = ${relu ? `max(z, ${as}())` : 'z'};`,
  }
}

/**
 * Sums of dz and of dz (x - mean) inverse over chunks of positions: partial [batch, chunks, 2, channels]. With a ReLU it also writes dz.
 * Statistics are [sets, groups, 2], mean and inverse.
 */
export function channelProducts(
  { shape, relu, x, y, statistics, dy, dz }: Norm & { dy: OperationOf<'add'>['a']; dz: OperationOf<'add'>['a'] },
  { chunk, chunks }: Chunking,
  sets: number,
  groups: number,
): Kernel {
  const { batch, positions, channels } = shape
  const width = widthFor(channels)
  const as = typeOf(width)
  const statistic = (which: number) =>
    `${as}(${Array.from({ length: width }, (_, k) => `statistics[(own + (c * ${width} + ${k}) / g.perGroup) * 2 + ${which}]`).join(', ')})`
  return {
    name: 'channel products',
    buffers: {
      x: { at: x, as },
      ...(relu && { y: { at: y, as }, dz: { at: dz, as, writes: true as const } }),
      dy: { at: dy, as },
      statistics: { at: statistics, as: 'f32' },
      partial: { at: 'partial', as, writes: true },
    },
    integers: { positions, chunk, chunks, channels: channels / width, perSet: sets === 1 ? 0 : groups, perGroup: channels / groups },
    threads: (batch * chunks * channels) / width,
    partial: batch * chunks * 2 * channels,
    body: `
let c = i % g.channels;
let block = i / g.channels;
let n = block / g.chunks;
let own = n * g.perSet;
let start = (block % g.chunks) * g.chunk;
let mean = ${statistic(0)};
let inverse = ${statistic(1)};
var sum = ${as}();
var products = ${as}();
for (var p = start; p < min(start + g.chunk, g.positions); p++) {
  let at = (n * g.positions + p) * g.channels + c;
  ${relu ? `let d = select(${as}(), dy[at], y[at] > ${as}());\n  dz[at] = d;` : 'let d = dy[at];'}
  sum = sum + d;
  products = products + d * (x[at] - mean);
}
partial[block * 2 * g.channels + c] = sum;
partial[(block * 2 + 1) * g.channels + c] = products * inverse;`,
  }
}

/** dx = dz A + (x - mean) B + D; coefficients [sets, stride, channels] begin with A, B, D and mean. */
export function normGradient({ shape, x, dz, dx }: Norm & { dz: Norm['x']; dx: Norm['x'] }, sets: number, stride: number): Kernel {
  const { positions, channels } = shape
  const width = widthFor(channels)
  const as = typeOf(width)
  return {
    name: 'normalization gradient',
    buffers: { x: { at: x, as }, dz: { at: dz, as }, coefficients: { at: 'coefficients', as }, dx: { at: dx, as, writes: true } },
    integers: { perSet: sets === 1 ? x.size : positions * channels, stride, channels: channels / width },
    threads: x.size / width,
    body: `
let at = i * ${width} / g.perSet * g.stride * g.channels + i % g.channels;
dx[i] = dz[i] * coefficients[at] + (x[i] - coefficients[at + 3 * g.channels]) * coefficients[at + g.channels] + coefficients[at + 2 * g.channels];`,
  }
}
