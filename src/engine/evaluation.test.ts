import { describe, expect, it } from 'vitest'
import type { Algorithm } from './algorithms/types.ts'
import { openBackend } from './backends/index.ts'
import type { BackendName } from './backends/types.ts'
import type { Communicator } from './communicator.ts'
import { byteTable, loadTestSet, normalize, shapes10 } from './data/index.ts'
import { Drift } from './drift.ts'
import { Evaluator, type JointEvaluation } from './evaluation.ts'
import { balancedChoice } from './insight.ts'
import { buildModel, initialParameters } from './models/index.ts'

const PICTURES = 70
const CLASSES = 10
const model = buildModel('cnn', CLASSES)
const table = byteTable(shapes10.manifest)

/** Averages of so many workers of this process. */
function together(size: number): Pick<Communicator, 'rank' | 'size' | 'average'>[] {
  let waiting: { values: Float32Array[]; resolve: () => void }[] = []
  return Array.from({ length: size }, (_, rank) => ({
    rank,
    size,
    average: (arrays) =>
      new Promise((resolve) => {
        waiting.push({ values: arrays.map(({ values }) => values), resolve })
        if (waiting.length < size) return
        const all = waiting
        waiting = []
        all[0].values.forEach((first, a) => {
          const mean = first.map((_, i) => all.reduce((sum, { values }) => sum + values[a][i], 0) / size)
          for (const { values } of all) values[a].set(mean)
        })
        for (const { resolve } of all) resolve()
      }),
  }))
}

/** Workers with models of different seeds, and what they find out together. */
async function evaluated(name: BackendName, seeds: number[]) {
  const backend = await openBackend({ name, reason: 'a test', adapter: null, hardware: false, selfTest: null })
  const test = await loadTestSet(shapes10, PICTURES)
  const strip = balancedChoice(test.labels, 12, 1)
  const workers = seeds.map((seed) => {
    const runner = backend.runner(model)
    const x = runner.space.zeros()
    x.write(initialParameters(model, seed))
    return { runner, x, evaluator: new Evaluator({ runner, test, table, classes: CLASSES, strip }) }
  })
  const communicators = together(seeds.length)
  const results = await Promise.all(
    workers.map(({ x, evaluator }, rank) =>
      evaluator.evaluate({ model: x } as unknown as Algorithm, communicators[rank] as unknown as Communicator),
    ),
  )
  return { test, strip, workers, results }
}

const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0)
const diagonal = (confusion: Uint32Array) => confusion.filter((_, cell) => cell % (CLASSES + 1) === 0)

describe.each<BackendName>(['simd', 'wasm'])('what is evaluated together, on %s', (name) => {
  it('a confusion matrix has every picture once, in the row of its class, and the right ones on its diagonal', async () => {
    const { test, results } = await evaluated(name, [1, 2, 3])
    const rows = (confusion: Uint32Array) =>
      Array.from({ length: CLASSES }, (_, label) => sum(confusion.subarray(label * CLASSES, (label + 1) * CLASSES)))
    const pictures = Array.from({ length: CLASSES }, (_, label) => test.labels.filter((own) => own === label).length)
    for (const { scores, predictions } of results) {
      expect(rows(predictions.confusion)).toEqual(pictures)
      expect(rows(predictions.averagedConfusion)).toEqual(pictures)
      expect(sum(diagonal(predictions.confusion)) / PICTURES).toBe(scores.accuracy)
      expect(sum(diagonal(predictions.averagedConfusion)) / PICTURES).toBe(scores.averagedAccuracy)
      expect(predictions.averagedConfusion).toEqual(results[0].predictions.averagedConfusion)
    }
    expect(results[1].predictions.confusion).not.toEqual(results[0].predictions.confusion)
  })

  it('the strip has what the logits of each model say', async () => {
    const { test, strip, workers, results } = await evaluated(name, [1, 2])
    const [{ runner }] = workers
    const bytes = Uint8Array.from(strip.flatMap((position) => [...test.images.subarray(position * 3072, (position + 1) * 3072)]))
    const images = normalize({ bytes, crops: new Int8Array(strip.length * 3), table })
    const expectSaid = async (at: Float32Array, said: JointEvaluation['predictions']['strip']) => {
      const x = runner.space.zeros()
      x.write(at)
      const logits = await runner.logits(x, { images, labels: new Uint8Array(strip.length) }, 'evaluation')
      strip.forEach((_, i) => {
        const own = logits.subarray(i * CLASSES, (i + 1) * CLASSES)
        expect(said.classes[i]).toBe(own.indexOf(Math.max(...own)))
        const whole = sum(own.map((logit) => Math.exp(logit)))
        expect(said.probabilities[i]).toBeCloseTo(Math.exp(Math.max(...own)) / whole, 5)
      })
    }
    await expectSaid(initialParameters(model, 1), results[0].predictions.strip)
    await expectSaid(initialParameters(model, 2), results[1].predictions.strip)
    for (const { averaged, predictions } of results) await expectSaid(averaged, predictions.averagedStrip)
  })
})

describe('drift', () => {
  const zero = new Float32Array(2)
  const from = (drift: Drift) => drift.next(zero, zero, 2)

  it('is the cosine between a worker’s update and the mean update', () => {
    const [same, aside, against] = [new Drift(), new Drift(), new Drift()]
    expect([same, aside, against].map(from)).toEqual([null, null, null])
    const mean = Float32Array.of(3, 0)
    expect(same.next(Float32Array.of(5, 0), mean, 2)).toBe(1)
    expect(aside.next(Float32Array.of(3, 4), mean, 2)).toBeCloseTo(0.6)
    expect(against.next(Float32Array.of(-1, 0), mean, 2)).toBe(-1)
    // From there on, not from the start.
    expect(aside.next(Float32Array.of(3, 5), Float32Array.of(3, 1), 2)).toBe(1)
  })

  it('is not known without an update, and when a worker has gone', () => {
    const drift = new Drift()
    from(drift)
    expect(drift.next(Float32Array.of(1, 0), zero, 2)).toBeNull()
    expect(drift.next(Float32Array.of(2, 0), Float32Array.of(1, 0), 1)).toBeNull()
    expect(drift.next(Float32Array.of(3, 0), Float32Array.of(2, 0), 1)).toBe(1)
  })
})
