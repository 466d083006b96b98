import { RUNNING_MOMENTUM } from '../../../models/types.ts'
import type { OperationOf } from '../../../plan/index.ts'
import type { Kernel } from '../kernel.ts'
import { channelMoments, channelProducts, chunkingOf, normalize, normGradient } from './channel-norm.ts'

/** As group normalization, but over the batch: one set of coefficients for all pictures. Evaluation takes the running statistics. */
export function batchNorm(operation: OperationOf<'batch-norm'>, chunk: number): Kernel[] {
  const { shape, epsilon, scale, statistics, from, update, mean, variance } = operation
  const { batch, positions, channels } = shape
  const chunking = chunkingOf(shape, chunk)
  const outputs: Kernel['buffers'] = {
    parameters: { at: 'parameters', as: 'f32' },
    coefficients: { at: 'coefficients', as: 'f32', writes: true },
  }
  const slots = { scale: scale.offset, mean: mean.offset, variance: variance.offset }
  if (from === 'running')
    return [
      {
        name: 'running moments',
        buffers: { state: { at: 'state', as: 'f32' }, ...outputs },
        integers: slots,
        threads: channels,
        coefficients: 2 * channels,
        body: `
coefficients[i] = state[g.mean + i];
coefficients[g.threads + i] = parameters[g.scale + i] / sqrt(state[g.variance + i] + ${epsilon});`,
      },
      normalize(operation, 1),
    ]
  const keep = `
state[g.mean + i] = ${1 - RUNNING_MOMENTUM} * state[g.mean + i] + ${RUNNING_MOMENTUM} * mean;
state[g.variance + i] = ${1 - RUNNING_MOMENTUM} * state[g.variance + i] + ${RUNNING_MOMENTUM} * squares / (total - 1.0);`
  return [
    channelMoments(operation, chunking),
    {
      name: 'batch moments',
      buffers: {
        partial: { at: 'partial', as: 'f32' },
        ...outputs,
        statistics: { at: statistics, as: 'f32', writes: true },
        ...(update && { state: { at: 'state', as: 'f32', writes: true as const } }),
      },
      integers: { batch, positions, ...chunking, ...slots },
      threads: channels,
      coefficients: 2 * channels,
      body: `
let total = f32(g.batch * g.positions);
var mean = 0.0;
for (var k = 0; k < g.batch * g.chunks; k++) {
  let count = f32(min(g.chunk, g.positions - k % g.chunks * g.chunk));
  mean = mean + partial[k * 2 * g.threads + i] * (count / total);
}
var squares = 0.0;
for (var k = 0; k < g.batch * g.chunks; k++) {
  let count = f32(min(g.chunk, g.positions - k % g.chunks * g.chunk));
  let d = partial[k * 2 * g.threads + i] - mean;
  squares = squares + partial[(k * 2 + 1) * g.threads + i] + count * d * d;
}
let inverse = 1.0 / sqrt(squares / total + ${epsilon});
statistics[i * 2] = mean;
statistics[i * 2 + 1] = inverse;
coefficients[i] = mean;
coefficients[g.threads + i] = inverse * parameters[g.scale + i];${update ? keep : ''}`,
    },
    normalize(operation, 1),
  ]
}

/** As for group normalization, with a = scale mean(dz) and b = scale mean(dz normalized) over batch and positions. */
export function batchNormGradient(operation: OperationOf<'batch-norm-gradient'>, chunk: number): Kernel[] {
  const { shape, scale, bias, statistics } = operation
  const { batch, positions, channels } = shape
  const chunking = chunkingOf(shape, chunk)
  return [
    channelProducts(operation, chunking, 1, channels),
    {
      name: 'batch products',
      buffers: {
        partial: { at: 'partial', as: 'f32' },
        parameters: { at: 'parameters', as: 'f32' },
        statistics: { at: statistics, as: 'f32' },
        coefficients: { at: 'coefficients', as: 'f32', writes: true },
        gradient: { at: 'gradient', as: 'f32', writes: true },
      },
      integers: { blocks: batch * chunking.chunks, count: batch * positions, scale: scale.offset, bias: bias.offset },
      threads: channels,
      coefficients: 4 * channels,
      body: `
var sum = 0.0;
var products = 0.0;
for (var k = 0; k < g.blocks; k++) {
  sum = sum + partial[k * 2 * g.threads + i];
  products = products + partial[(k * 2 + 1) * g.threads + i];
}
let inverse = statistics[i * 2 + 1];
let factor = parameters[g.scale + i] * inverse;
coefficients[i] = factor;
coefficients[g.threads + i] = -factor * inverse * products / f32(g.count);
coefficients[2 * g.threads + i] = -factor * sum / f32(g.count);
coefficients[3 * g.threads + i] = statistics[i * 2];
gradient[g.scale + i] = products;
gradient[g.bias + i] = sum;`,
    },
    normGradient(operation, 1, 4),
  ]
}
