import type { OperationOf } from '../../../plan/index.ts'
import type { Kernel } from '../kernel.ts'
import { channelMoments, channelProducts, chunkingOf, normalize, normGradient } from './channel-norm.ts'

/** Moments of channels over chunks; of groups, merged by Chan's formula, so that nothing cancels; and the normalization. */
export function groupNorm(operation: OperationOf<'group-norm'>, chunk: number): Kernel[] {
  const { shape, groups, epsilon, scale, statistics } = operation
  const { batch, positions, channels } = shape
  const perGroup = channels / groups
  const chunking = chunkingOf(shape, chunk)
  return [
    channelMoments(operation, chunking),
    {
      name: 'group moments',
      buffers: {
        partial: { at: 'partial', as: 'f32' },
        parameters: { at: 'parameters', as: 'f32' },
        statistics: { at: statistics, as: 'f32', writes: true },
        coefficients: { at: 'coefficients', as: 'f32', writes: true },
      },
      integers: { positions, ...chunking, channels, groups, perGroup, scale: scale.offset },
      threads: batch * groups,
      coefficients: batch * 2 * channels,
      body: `
let n = i / g.groups;
let first = (i % g.groups) * g.perGroup;
let total = f32(g.positions * g.perGroup);
var mean = 0.0;
for (var k = 0; k < g.chunks; k++) {
  let count = f32(min(g.chunk, g.positions - k * g.chunk));
  for (var c = first; c < first + g.perGroup; c++) { mean = mean + partial[(n * g.chunks + k) * 2 * g.channels + c] * (count / total); }
}
var squares = 0.0;
for (var k = 0; k < g.chunks; k++) {
  let count = f32(min(g.chunk, g.positions - k * g.chunk));
  for (var c = first; c < first + g.perGroup; c++) {
    let d = partial[(n * g.chunks + k) * 2 * g.channels + c] - mean;
    squares = squares + partial[((n * g.chunks + k) * 2 + 1) * g.channels + c] + count * d * d;
  }
}
let inverse = 1.0 / sqrt(squares / total + ${epsilon});
statistics[i * 2] = mean;
statistics[i * 2 + 1] = inverse;
for (var c = first; c < first + g.perGroup; c++) {
  coefficients[n * 2 * g.channels + c] = mean;
  coefficients[(n * 2 + 1) * g.channels + c] = inverse * parameters[g.scale + c];
}`,
    },
    normalize(operation, batch),
  ]
}

/**
 * With normalized = (x - mean) inverse, and per group a = mean(scale dz), b = mean(scale dz normalized):
 * dx = scale inverse dz - inverse (a + normalized b); dScale = sum dz normalized; dBias = sum dz.
 */
export function groupNormGradient(operation: OperationOf<'group-norm-gradient'>, chunk: number): Kernel[] {
  const { shape, groups, scale, bias, statistics } = operation
  const { batch, positions, channels } = shape
  const perGroup = channels / groups
  const chunking = chunkingOf(shape, chunk)
  return [
    channelProducts(operation, chunking, batch, groups),
    {
      name: 'group products',
      buffers: {
        partial: { at: 'partial', as: 'f32' },
        parameters: { at: 'parameters', as: 'f32' },
        statistics: { at: statistics, as: 'f32' },
        coefficients: { at: 'coefficients', as: 'f32', writes: true },
      },
      integers: { positions, chunks: chunking.chunks, channels, groups, perGroup, scale: scale.offset },
      threads: batch * groups,
      coefficients: batch * 6 * channels,
      body: `
let n = i / g.groups;
let first = (i % g.groups) * g.perGroup;
let to = n * 6 * g.channels;
let mean = statistics[i * 2];
let inverse = statistics[i * 2 + 1];
var a = 0.0;
var b = 0.0;
for (var c = first; c < first + g.perGroup; c++) {
  var sum = 0.0;
  var products = 0.0;
  for (var k = 0; k < g.chunks; k++) {
    sum = sum + partial[(n * g.chunks + k) * 2 * g.channels + c];
    products = products + partial[((n * g.chunks + k) * 2 + 1) * g.channels + c];
  }
  let scale = parameters[g.scale + c];
  a = a + scale * sum;
  b = b + scale * products;
  coefficients[to + c] = scale * inverse;
  coefficients[to + 4 * g.channels + c] = sum;
  coefficients[to + 5 * g.channels + c] = products;
}
let count = f32(g.positions * g.perGroup);
for (var c = first; c < first + g.perGroup; c++) {
  coefficients[to + g.channels + c] = -inverse * inverse * b / count;
  coefficients[to + 2 * g.channels + c] = -inverse * a / count;
  coefficients[to + 3 * g.channels + c] = mean;
}`,
    },
    normGradient(operation, batch, 6),
    {
      name: 'scale and bias gradient',
      buffers: { coefficients: { at: 'coefficients', as: 'f32' }, gradient: { at: 'gradient', as: 'f32', writes: true } },
      integers: { batch, channels, scale: scale.offset, bias: bias.offset },
      threads: channels,
      body: `
var dScale = 0.0;
var dBias = 0.0;
for (var n = 0; n < g.batch; n++) {
  dBias = dBias + coefficients[(n * 6 + 4) * g.channels + i];
  dScale = dScale + coefficients[(n * 6 + 5) * g.channels + i];
}
gradient[g.scale + i] = dScale;
gradient[g.bias + i] = dBias;`,
    },
  ]
}
