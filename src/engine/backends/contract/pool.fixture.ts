import { describe, expect, it } from 'vitest'
import { randomStream } from '../../random.ts'
import { expectClose, slopes } from './float64.fixture.ts'
import type { Target } from './target.fixture.ts'
import { noise, Trial } from './trial.fixture.ts'

type Values = ArrayLike<number>

const random = randomStream(1, 'pool')

/** The largest of each square, [batch, height, width, channels]. */
function maxPool(x: Values, shape: { batch: number; height: number; width: number; channels: number; size: number }): Float64Array {
  const { batch, height, width, channels, size } = shape
  const [outHeight, outWidth] = [Math.floor(height / size), Math.floor(width / size)]
  const y = new Float64Array(batch * outHeight * outWidth * channels).fill(Number.NEGATIVE_INFINITY)
  for (let n = 0; n < batch; n++)
    for (let row = 0; row < outHeight * size; row++)
      for (let column = 0; column < outWidth * size; column++)
        for (let c = 0; c < channels; c++) {
          const to = ((n * outHeight + Math.floor(row / size)) * outWidth + Math.floor(column / size)) * channels + c
          y[to] = Math.max(y[to], x[((n * height + row) * width + column) * channels + c])
        }
  return y
}

function meanPool(x: Values, positions: number, channels: number): Float64Array {
  const y = new Float64Array(x.length / positions)
  for (let i = 0; i < x.length; i++) y[Math.floor(i / positions / channels) * channels + (i % channels)] += x[i] / positions
  return y
}
/** Kernels of pool against float64, in sizes ordinary and awkward. */
export function poolContract(target: Target): void {
  describe('pooling', () => {
    it.each([
      { batch: 2, height: 6, width: 4, channels: 4, size: 2 },
      { batch: 1, height: 7, width: 5, channels: 3, size: 2 },
      { batch: 2, height: 6, width: 8, channels: 8, size: 3 },
      { batch: 1, height: 3, width: 3, channels: 5, size: 3 },
    ])('takes the largest of $size x $size squares of $height x $width, $channels channels', async (shape) => {
      const xs = noise(random, shape.batch * shape.height * shape.width * shape.channels)
      const ys = maxPool(xs, shape)
      const dys = noise(random, ys.length)
      const trial = new Trial(target)
      const [x, dy, y, dx] = [trial.input(xs), trial.input(dys), trial.output(ys.length), trial.output(xs.length)]
      const outcome = await trial.run([
        { op: 'max-pool', shape, x, y },
        { op: 'max-pool-gradient', shape, x, y, dy, dx },
      ])
      expect([...outcome.of(y)]).toEqual([...ys])
      expectClose(
        outcome.of(dx),
        slopes((at) => maxPool(at, shape), xs, dys),
        'dx',
      )
    })

    it('gives the gradient to the first of equal largest ones', async () => {
      const trial = new Trial(target)
      const shape = { batch: 1, height: 2, width: 4, channels: 1, size: 2 }
      const [x, dy] = [trial.input(Float32Array.of(0, 2, 5, 5, 2, 1, 5, 5)), trial.input(Float32Array.of(7, 8))]
      const [y, dx] = [trial.output(2), trial.output(8)]
      const outcome = await trial.run([
        { op: 'max-pool', shape, x, y },
        { op: 'max-pool-gradient', shape, x, y, dy, dx },
      ])
      expect([...outcome.of(y)]).toEqual([2, 5])
      expect([...outcome.of(dx)]).toEqual([0, 7, 8, 0, 0, 0, 0, 0])
    })

    it.each([
      [1, 1, 3],
      [3, 35, 5],
      [2, 64, 8],
    ])('means: batch %i, %i positions, %i channels', async (batch, positions, channels) => {
      const [xs, dys] = [noise(random, batch * positions * channels), noise(random, batch * channels)]
      const shape = { batch, positions, channels }
      const trial = new Trial(target)
      const [x, dy, y, dx] = [trial.input(xs), trial.input(dys), trial.output(dys.length), trial.output(xs.length)]
      const outcome = await trial.run([
        { op: 'mean-pool', shape, x, y },
        { op: 'mean-pool-gradient', shape, dy, dx },
      ])
      expectClose(outcome.of(y), meanPool(xs, positions, channels), 'y')
      expectClose(
        outcome.of(dx),
        slopes((at) => meanPool(at, positions, channels), xs, dys),
        'dx',
      )
    })
  })
}
