import { describe, it } from 'vitest'
import { randomStream } from '../../random.ts'
import { expectClose, slopes } from './float64.fixture.ts'
import type { Target } from './target.fixture.ts'
import { noise, Trial } from './trial.fixture.ts'

type Values = ArrayLike<number>

const random = randomStream(1, 'attention')

/** Softmax(temperature q k') v of each head; x [batch, tokens, 3 width] -> [batch, tokens, width]. */
function attend(x: Values, temperatures: Values, { tokens, size, masked }: { tokens: number; size: number; masked: boolean }) {
  const heads = temperatures.length
  const width = heads * size
  const batch = x.length / tokens / 3 / width
  const y = new Float64Array(batch * tokens * width)
  for (let n = 0; n < batch; n++)
    for (let head = 0; head < heads; head++) {
      /** a float of q (0), k (1) or v (2) of this head */
      const at = (which: number, token: number, k: number) => x[(n * tokens + token) * 3 * width + which * width + head * size + k]
      for (let i = 0; i < tokens; i++) {
        const weights = Array.from({ length: tokens }, (_, j) => {
          let score = 0
          for (let k = 0; k < size; k++) score += at(0, i, k) * at(1, j, k)
          return masked && i === j ? 0 : Math.exp(temperatures[head] * score)
        })
        const total = weights.reduce((a, b) => a + b)
        for (let j = 0; j < tokens; j++)
          for (let k = 0; k < size; k++) y[(n * tokens + i) * width + head * size + k] += (weights[j] / total) * at(2, j, k)
      }
    }
  return y
}
/** Kernels of attention against float64, in sizes ordinary and awkward. */
export function attentionContract(target: Target): void {
  describe('attention and its gradients', () => {
    it.each([
      // tokens prime and composite, head sizes that divide by 4 and that do not
      { batch: 2, tokens: 7, heads: 2, size: 3, trained: false, masked: false },
      { batch: 1, tokens: 10, heads: 3, size: 5, trained: true, masked: true },
      { batch: 2, tokens: 11, heads: 1, size: 8, trained: true, masked: false },
      { batch: 1, tokens: 12, heads: 3, size: 4, trained: false, masked: true },
      { batch: 3, tokens: 2, heads: 2, size: 4, trained: true, masked: true },
      { batch: 1, tokens: 1, heads: 2, size: 2, trained: false, masked: false },
    ])('$tokens tokens, $heads heads of $size, batch $batch, trained temperature $trained, masked $masked', async (given) => {
      const { batch, tokens, heads, size, trained, masked } = given
      const width = heads * size
      const xs = noise(random, batch * tokens * 3 * width).map((value) => 2 * value)
      const [dys, free] = [noise(random, batch * tokens * width), noise(random, heads).map((value) => 1 + value / 2)]
      const trial = new Trial(target, { gap: 3 })
      const temperature = trained ? trial.parameter(free) : null
      const [x, dy, y, dx] = [trial.input(xs), trial.input(dys), trial.output(dys.length), trial.output(xs.length)]
      const attention = { shape: { batch, tokens, width, heads }, temperature, masked, x, y, logSums: trial.output(batch * heads * tokens) }
      const outcome = await trial.run([
        { op: 'attention', ...attention },
        { op: 'attention-gradient', ...attention, dy, dx },
      ])

      const factors = trained ? free : new Float64Array(heads).fill(1 / Math.sqrt(size))
      expectClose(outcome.of(y), attend(xs, factors, given), 'y')
      expectClose(
        outcome.of(dx),
        slopes((at) => attend(at, factors, given), xs, dys),
        'dx',
      )
      if (temperature)
        expectClose(
          outcome.gradient(temperature),
          slopes((at) => attend(xs, at, given), factors, dys),
          'temperature gradient',
        )
    })

    it('keeps to numbers where scores are in the hundreds', async () => {
      const shape = { batch: 1, tokens: 3, width: 1, heads: 1 }
      const trial = new Trial(target)
      // Rows of q, k, v: the first token looks at the second, the others at the third.
      const x = trial.input(Float32Array.of(20, -20, 1, -30, 20, 2, -10, -40, 3))
      const [y, logSums] = [trial.output(3), trial.output(3)]
      const outcome = await trial.run([{ op: 'attention', shape, temperature: null, masked: false, x, y, logSums }])
      expectClose(outcome.of(y), [2, 3, 3], 'y')
      expectClose(outcome.of(logSums), [400, 1200, 400], 'log sums')
    })
  })
}
