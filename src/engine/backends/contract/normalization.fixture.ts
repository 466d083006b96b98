import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Norm } from '../../plan/index.ts'
import { randomStream } from '../../random.ts'
import { expectClose, slopes } from './float64.fixture.ts'
import type { Target } from './target.fixture.ts'
import { noise, Trial } from './trial.fixture.ts'

type Values = ArrayLike<number>

interface Case {
  batch: number
  positions: number
  groups: number
  perGroup: number
  residual: boolean
  relu: boolean
  /** in front of each parameter, in floats */
  gap: number
  /** as of Target.run */
  variant: number
}

const EPSILON = 1e-5
const settings = { seed: 1, numRuns: 24, endOnFailure: true }
const random = randomStream(1, 'normalization')

/** Mean and variance (over the count) of the values with the same key. */
function moments(values: Values, keyOf: (i: number) => number): { mean: number[]; variance: number[]; count: number[] } {
  const [count, mean, variance]: number[][] = [[], [], []]
  const each = (visit: (key: number, value: number) => void) => {
    for (let i = 0; i < values.length; i++) visit(keyOf(i), values[i])
  }
  each((key) => {
    count[key] = (count[key] ?? 0) + 1
  })
  each((key, value) => {
    mean[key] = (mean[key] ?? 0) + value / count[key]
  })
  each((key, value) => {
    variance[key] = (variance[key] ?? 0) + (value - mean[key]) ** 2 / count[key]
  })
  return { mean, variance, count }
}

/** [relu] (scale (x - mean) / sqrt(variance + epsilon) + bias [+ residual]), scale and bias by the last axis. */
function normalize(x: Values, scale: Values, bias: Values, residual: Values | null, relu: boolean, keyOf: (i: number) => number) {
  const { mean, variance } = moments(x, keyOf)
  return Float64Array.from(x, (value, i) => {
    const [key, c] = [keyOf(i), i % scale.length]
    const z = (scale[c] * (value - mean[key])) / Math.sqrt(variance[key] + EPSILON) + bias[c] + (residual?.[i] ?? 0)
    return relu ? Math.max(z, 0) : z
  })
}
/** Kernels of normalization against float64, in sizes ordinary and awkward. */
export function normalizationContract(target: Target): void {
  /** Forward and backward of group normalization, or of batch normalization in training. */
  async function check(over: 'group' | 'batch', { batch, positions, groups, perGroup, residual, relu, gap, variant }: Case): Promise<void> {
    const channels = groups * perGroup
    const size = batch * positions * channels
    // Far from zero: variances must not come of differences of large numbers.
    const xs = noise(random, size).map((value) => 3 + value)
    const [ss, bs] = [noise(random, channels).map((value) => 1.5 + value), noise(random, channels)]
    const [rs, dys] = [noise(random, size), noise(random, size)]

    const trial = new Trial(target, { gap, variant })
    const [scale, bias] = [trial.parameter(ss), trial.parameter(bs)]
    const [x, added, dy] = [trial.input(xs), trial.input(rs), trial.input(dys)]
    const [y, dx] = [trial.output(size), trial.output(size)]
    const dz = relu ? trial.output(size) : dy
    const statistics = trial.output(over === 'group' ? batch * groups * 2 : channels * 2)
    const shape = { batch, positions, channels }
    const norm: Norm = { shape, epsilon: EPSILON, scale, bias, relu, x, residual: residual ? added : null, y, statistics }
    const before = noise(random, channels)
    const [mean, variance] = [trial.state(before), trial.state(before.map((value) => 2 + value))]
    const outcome = await trial.run(
      over === 'group'
        ? [
            { op: 'group-norm', groups, ...norm },
            { op: 'group-norm-gradient', groups, ...norm, dy, dz, dx },
          ]
        : [
            { op: 'batch-norm', from: 'batch', update: true, mean, variance, ...norm },
            { op: 'batch-norm-gradient', ...norm, dy, dz, dx },
          ],
    )

    const keyOf =
      over === 'group'
        ? (i: number) => Math.floor(i / positions / channels) * groups + Math.floor((i % channels) / perGroup)
        : (i: number) => i % channels
    const forward = (x: Values, scale: Values, bias: Values, added: Values) =>
      normalize(x, scale, bias, residual ? added : null, relu, keyOf)
    expectClose(outcome.of(y), forward(xs, ss, bs, rs), 'y')
    expectClose(
      outcome.of(dx),
      slopes((at) => forward(at, ss, bs, rs), xs, dys),
      'dx',
      { terms: 1 },
    )
    expectClose(
      outcome.gradient(scale),
      slopes((at) => forward(xs, at, bs, rs), ss, dys),
      'scale gradient',
      { terms: 1 },
    )
    expectClose(
      outcome.gradient(bias),
      slopes((at) => forward(xs, ss, at, rs), bs, dys),
      'bias gradient',
      { terms: 1 },
    )
    // What the residual gets is what comes through the ReLU.
    if (relu && residual)
      expectClose(
        outcome.of(dz),
        slopes((at) => forward(xs, ss, bs, at), rs, dys),
        'dz',
      )
    if (over === 'batch') {
      const found = moments(xs, keyOf)
      expectClose(
        outcome.state(mean),
        found.mean.map((value, c) => 0.9 * before[c] + 0.1 * value),
        'running mean',
      )
      expectClose(
        outcome.state(variance),
        found.variance.map((value, c) => 0.9 * (2 + before[c]) + (0.1 * value * found.count[c]) / (found.count[c] - 1)),
        'running variance',
      )
    }
  }

  const cases: fc.Arbitrary<Case> = fc
    .record({
      batch: fc.constantFrom(1, 2, 5),
      positions: fc.constantFrom(1, 6, 25, 70),
      groups: fc.constantFrom(1, 2, 3),
      perGroup: fc.constantFrom(1, 2, 4, 5),
      ...{ residual: fc.boolean(), relu: fc.boolean() },
      gap: fc.constantFrom(4, 5),
      variant: fc.nat(100),
    })
    // Few values may be almost equal, which loses digits; differences for thousands of values take long.
    .filter(
      ({ batch, positions, groups, perGroup }) => positions * Math.min(batch, perGroup) > 3 && batch * positions * groups * perGroup < 1100,
    )

  describe('group and batch normalization', () => {
    it('group normalization with its gradients', () =>
      fc.assert(
        fc.asyncProperty(cases, (given) => check('group', given)),
        settings,
      ))

    it('batch normalization in training with its gradients and running statistics', () =>
      fc.assert(
        fc.asyncProperty(cases, (given) => check('batch', given)),
        settings,
      ))

    it('batch normalization by running statistics, which stay', async () => {
      for (const channels of [3, 8]) {
        const [xs, ss, bs] = [noise(random, 20 * channels), noise(random, channels), noise(random, channels)]
        const [means, variances] = [noise(random, channels), noise(random, channels).map((value) => 1.5 + value)]
        const trial = new Trial(target)
        const [scale, bias] = [trial.parameter(ss), trial.parameter(bs)]
        const [mean, variance] = [trial.state(means), trial.state(variances)]
        const [x, y, statistics] = [trial.input(xs), trial.output(xs.length), trial.output(2 * channels)]
        const shape = { batch: 2, positions: 10, channels }
        const norm: Norm = { shape, epsilon: EPSILON, scale, bias, relu: false, x, residual: null, y, statistics }
        const outcome = await trial.run([{ op: 'batch-norm', from: 'running', update: false, mean, variance, ...norm }])
        const expected = Float64Array.from(xs, (value, i) => {
          const c = i % channels
          return (ss[c] * (value - means[c])) / Math.sqrt(variances[c] + EPSILON) + bs[c]
        })
        expectClose(outcome.of(y), expected, 'y')
        expect([...outcome.state(mean), ...outcome.state(variance)]).toEqual([...means, ...variances])
      }
    })

    it('leaves the running statistics alone when asked only for logits in training mode', async () => {
      const values = noise(random, 12)
      const trial = new Trial(target)
      const [scale, bias, mean, variance] = [
        trial.parameter(values.slice(0, 2)),
        trial.parameter(values.slice(2, 4)),
        trial.state(values.slice(4, 6)),
        trial.state(values.slice(6, 8)),
      ]
      const [x, y, statistics] = [trial.input(values), trial.output(12), trial.output(4)]
      const norm: Norm = {
        ...{ shape: { batch: 3, positions: 2, channels: 2 }, epsilon: EPSILON, scale, bias, relu: false },
        ...{ x, residual: null, y, statistics },
      }
      const outcome = await trial.run([{ op: 'batch-norm', from: 'batch', update: false, mean, variance, ...norm }])
      expect([...outcome.state(mean), ...outcome.state(variance)]).toEqual([...values.slice(4, 8)])
    })
  })

  describe('layer normalization', () => {
    const rowCases = fc.record({ rows: fc.constantFrom(1, 5, 65), columns: fc.constantFrom(1, 6, 12), gap: fc.constantFrom(4, 5) })
    it('with its gradients', () =>
      fc.assert(
        fc.asyncProperty(rowCases, async ({ rows, columns, gap }) => {
          const size = rows * columns
          const xs = noise(random, size).map((value) => 3 + value)
          const [ss, bs, dys] = [noise(random, columns), noise(random, columns), noise(random, size)]
          const trial = new Trial(target, { gap, variant: 1 })
          const [scale, bias] = [trial.parameter(ss), trial.parameter(bs)]
          const [x, dy, y, dx] = [trial.input(xs), trial.input(dys), trial.output(size), trial.output(size)]
          const norm = { rows, columns, epsilon: EPSILON, scale, bias, x, y, statistics: trial.output(2 * rows) }
          const outcome = await trial.run([
            { op: 'layer-norm', ...norm },
            { op: 'layer-norm-gradient', ...norm, dy, dx },
          ])
          const forward = (x: Values, scale: Values, bias: Values) => normalize(x, scale, bias, null, false, (i) => Math.floor(i / columns))
          expectClose(outcome.of(y), forward(xs, ss, bs), 'y')
          expectClose(
            outcome.of(dx),
            slopes((at) => forward(at, ss, bs), xs, dys),
            'dx',
            { terms: 1 },
          )
          expectClose(
            outcome.gradient(scale),
            slopes((at) => forward(xs, at, bs), ss, dys),
            'scale gradient',
            { terms: 1 },
          )
          expectClose(
            outcome.gradient(bias),
            slopes((at) => forward(xs, ss, at), bs, dys),
            'bias gradient',
            { terms: 1 },
          )
        }),
        { ...settings, numRuns: 8 },
      ))
  })
}
