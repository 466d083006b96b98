import { describe, expect, it } from 'vitest'
import { randomStream } from '../../random.ts'
import { expectClose, slopes } from './float64.fixture.ts'
import type { Target } from './target.fixture.ts'
import { noise, Trial } from './trial.fixture.ts'

type Values = ArrayLike<number>

const random = randomStream(1, 'tokens')

/** The class token in front of x [batch, rows, columns], then a position added to each row. */
function withTokens(x: Values, classToken: Values, position: Values): Float64Array {
  const columns = classToken.length
  const [perPicture, before] = [position.length, position.length - columns]
  return Float64Array.from({ length: (x.length / before) * perPicture }, (_, i) => {
    const [n, at] = [Math.floor(i / perPicture), i % perPicture]
    return position[at] + (at < columns ? classToken[at] : x[n * before + at - columns])
  })
}

/** Squares of the picture and of its moved copies, as rows: [batch, patches, size, size, copies, 3]. */
function patchesOf(x: Values, batch: number, size: number, shift: number): number[] {
  const copies = shift === 0 ? [[0, 0]] : [[0, 0], ...[1, -1].flatMap((down) => [1, -1].map((right) => [down * shift, right * shift]))]
  const pixel = (n: number, row: number, column: number, c: number) =>
    row < 0 || row > 31 || column < 0 || column > 31 ? 0 : x[((n * 32 + row) * 32 + column) * 3 + c]
  const y: number[] = []
  for (let n = 0; n < batch; n++)
    for (let top = 0; top < 32; top += size)
      for (let left = 0; left < 32; left += size)
        for (let row = top; row < top + size; row++)
          for (let column = left; column < left + size; column++)
            for (const [down, right] of copies) for (let c = 0; c < 3; c++) y.push(pixel(n, row - down, column - right, c))
  return y
}
/** Kernels of tokens against float64, in sizes ordinary and awkward. */
export function tokensContract(target: Target): void {
  describe('tokens', () => {
    it.each([
      { batch: 2, rows: 5, columns: 6, gap: 4 },
      { batch: 1, rows: 1, columns: 1, gap: 4 },
      { batch: 3, rows: 4, columns: 8, gap: 4 },
      { batch: 2, rows: 3, columns: 4, gap: 5 },
    ])('class token and positions: $rows rows of $columns, batch $batch, parameters after $gap floats', async (shape) => {
      const { batch, rows, columns } = shape
      const [xs, dys] = [noise(random, batch * rows * columns), noise(random, batch * (rows + 1) * columns)]
      const [cs, ps] = [noise(random, columns), noise(random, (rows + 1) * columns)]
      const trial = new Trial(target, { gap: shape.gap })
      const [classToken, position] = [trial.parameter(cs), trial.parameter(ps)]
      const [x, dy, y, dx] = [trial.input(xs), trial.input(dys), trial.output(dys.length), trial.output(xs.length)]
      const outcome = await trial.run([
        { op: 'tokens', shape, classToken, position, x, y },
        { op: 'tokens-gradient', shape, classToken, position, dy, dx },
      ])
      expectClose(outcome.of(y), withTokens(xs, cs, ps), 'y')
      expectClose(
        outcome.of(dx),
        slopes((at) => withTokens(at, cs, ps), xs, dys),
        'dx',
      )
      expectClose(
        outcome.gradient(classToken),
        slopes((at) => withTokens(xs, at, ps), cs, dys),
        'class token gradient',
      )
      expectClose(
        outcome.gradient(position),
        slopes((at) => withTokens(xs, cs, at), ps, dys),
        'position gradient',
      )
    })

    it.each([
      { batch: 3, rows: 5, columns: 6 },
      { batch: 2, rows: 4, columns: 8 },
      { batch: 1, rows: 1, columns: 3 },
    ])('the first of $rows rows of $columns, batch $batch', async (shape) => {
      const { batch, rows, columns } = shape
      const [xs, dys] = [noise(random, batch * rows * columns), noise(random, batch * columns)]
      const firstRow = (x: Values) => Float64Array.from(dys, (_, i) => x[Math.floor(i / columns) * rows * columns + (i % columns)])
      const trial = new Trial(target)
      const [x, dy, y, dx] = [trial.input(xs), trial.input(dys), trial.output(dys.length), trial.output(xs.length)]
      const outcome = await trial.run([
        { op: 'first-row', shape, x, y },
        { op: 'first-row-gradient', shape, dy, dx },
      ])
      expectClose(outcome.of(y), firstRow(xs), 'y')
      expectClose(outcome.of(dx), slopes(firstRow, xs, dys), 'dx')
    })

    it.each([
      [4, 0],
      [4, 2],
      [8, 3],
    ])('patches of %i x %i pixels', async (size, shift) => {
      const xs = noise(random, 2 * 32 * 32 * 3)
      const expected = patchesOf(xs, 2, size, shift)
      const trial = new Trial(target)
      const [x, y] = [trial.input(xs), trial.output(expected.length)]
      const outcome = await trial.run([{ op: 'patches', batch: 2, size, shift, x, y }])
      expect([...outcome.of(y)]).toEqual(expected)
    })
  })
}
