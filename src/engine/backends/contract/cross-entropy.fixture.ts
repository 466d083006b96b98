import { describe, expect, it } from 'vitest'
import { randomStream } from '../../random.ts'
import { expectClose, slopes } from './float64.fixture.ts'
import type { Target } from './target.fixture.ts'
import { noise, Trial } from './trial.fixture.ts'

type Values = ArrayLike<number>

const random = randomStream(1, 'cross-entropy')

/** log sum exp(logits) - logit of the label, of each picture */
function crossEntropy(logits: Values, labels: number[]): number[] {
  const classes = logits.length / labels.length
  return labels.map((label, n) => {
    const own = Array.from({ length: classes }, (_, c) => logits[n * classes + c])
    return Math.log(own.reduce((sum, value) => sum + Math.exp(value), 0)) - own[label]
  })
}
/** Kernels of cross-entropy against float64, in sizes ordinary and awkward. */
export function crossEntropyContract(target: Target): void {
  async function run(values: Float32Array, labels: number[]) {
    const batch = labels.length
    const trial = new Trial(target)
    const [logits, results, dLogits] = [trial.input(values), trial.output(3 * batch), trial.output(values.length)]
    const outcome = await trial.run([{ op: 'cross-entropy', batch, classes: values.length / batch, logits, results, dLogits }], labels)
    const column = (which: number) => outcome.of(results).filter((_, i) => i % 3 === which)
    return {
      losses: column(0),
      predictions: [...column(1)],
      probabilities: column(2),
      dLogits: outcome.of(dLogits),
    }
  }

  describe('cross-entropy', () => {
    it.each([
      [1, 10],
      [3, 7],
      [70, 2],
    ])(
      'loss of each of %i pictures in %i classes, its prediction and how sure it is, and the gradient of the mean',
      async (batch, classes) => {
        const logits = noise(random, batch * classes).map((value) => 4 * value)
        const labels = Array.from({ length: batch }, () => random.integer(classes))
        const { losses, predictions, probabilities, dLogits } = await run(logits, labels)
        expectClose(losses, crossEntropy(logits, labels), 'losses')
        expectClose(
          dLogits,
          slopes((at) => crossEntropy(at, labels), logits, new Float64Array(batch).fill(1 / batch)),
          'gradient',
        )
        const expected = labels.map((_, n) => {
          const own = logits.subarray(n * classes, (n + 1) * classes)
          return own.indexOf(Math.max(...own))
        })
        expect(predictions).toEqual(expected)
        // The cross-entropy, were the prediction the label, is -log of its probability.
        expectClose(
          probabilities,
          crossEntropy(logits, expected).map((loss) => Math.exp(-loss)),
          'probabilities',
        )
      },
    )

    it('predicts the first of equal largest logits, and keeps to numbers where logits are large', async () => {
      const { losses, predictions, probabilities, dLogits } = await run(Float32Array.of(1, 1, 0, 1, 1, 0, 1000, 0, -1000), [0, 1, 1])
      expect(predictions).toEqual([0, 0, 0])
      const even = Math.log(2 + Math.exp(-1))
      expectClose(losses, [even, even, 1000], 'losses')
      expectClose(probabilities, [Math.exp(-even), Math.exp(-even), 1], 'probabilities')
      expect([...dLogits.subarray(6)]).toEqual([Math.fround(1 / 3), Math.fround(-1 / 3), 0])
    })
  })
}
