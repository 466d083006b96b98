import { describe, expect, it } from 'vitest'
import { randomStream } from '../../random.ts'
import { expectClose, slopes } from './float64.fixture.ts'
import type { Target } from './target.fixture.ts'
import { noise, Trial } from './trial.fixture.ts'

type Values = ArrayLike<number>

const random = randomStream(1, 'pointwise')
/** The error function, by a series of positive terms: 2 / sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (2n+1)!! */
function erf(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

const gelu = (xs: Values) => Float64Array.from(xs, (x) => (x * (1 + erf(x / Math.SQRT2))) / 2)
/** Kernels of pointwise against float64, in sizes ordinary and awkward. */
export function pointwiseContract(target: Target): void {
  describe('operations on each element', () => {
    it.each([1, 12, 13])('ReLU, its gradient and sums of %i floats', async (size) => {
      const [as, bs] = [noise(random, size), noise(random, size)]
      // On the edge the gradient is zero.
      as[0] = 0
      const trial = new Trial(target)
      const [a, b, y, dx, sum] = [trial.input(as), trial.input(bs), trial.output(size), trial.output(size), trial.output(size)]
      const outcome = await trial.run([
        { op: 'relu', x: a, y },
        { op: 'relu-gradient', y, dy: b, dx },
        { op: 'add', a, b, y: sum },
      ])
      expect(outcome.of(y)).toEqual(as.map((value) => Math.max(value, 0)))
      expect(outcome.of(dx)).toEqual(bs.map((value, i) => (as[i] > 0 ? value : 0)))
      expect(outcome.of(sum)).toEqual(bs.map((value, i) => as[i] + value))
    })

    it('sums of more floats than a row of workgroups takes', async () => {
      const size = 32_768 * 64 + 65
      const numbers = Float32Array.from({ length: size }, (_, i) => i)
      const trial = new Trial(target)
      const [a, y] = [trial.input(numbers), trial.output(size)]
      const ys = (await trial.run([{ op: 'add', a, b: a, y }])).of(y)
      expect(ys.findIndex((value, i) => value !== 2 * i)).toBe(-1)
    })

    it('a sum of a value with itself', async () => {
      const trial = new Trial(target)
      const [a, y] = [trial.input(Float32Array.of(1, 2, 3)), trial.output(3)]
      expect([...(await trial.run([{ op: 'add', a, b: a, y }])).of(y)]).toEqual([2, 4, 6])
    })

    it('GELU and its gradient, from far below to far above zero', async () => {
      const xs = Float32Array.from({ length: 401 }, (_, i) => (i - 200) / 25)
      const dys = noise(random, xs.length)
      const trial = new Trial(target)
      const [x, dy, y, dx] = [trial.input(xs), trial.input(dys), trial.output(xs.length), trial.output(xs.length)]
      const outcome = await trial.run([
        { op: 'gelu', x, y },
        { op: 'gelu-gradient', x, dy, dx },
      ])
      expectClose(outcome.of(y), gelu(xs), 'y', { tolerance: 1e-6 })
      expectClose(outcome.of(dx), slopes(gelu, xs, dys), 'dx', { tolerance: 1e-6 })
    })
  })
}
