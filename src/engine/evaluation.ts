import type { Algorithm } from './algorithms/types.ts'
import type { ModelRunner } from './backends/types.ts'
import type { Communicator, RoundArray } from './communicator.ts'
import { IMAGE_BYTES } from './data/dataset.ts'
import type { Pictures } from './data/shard.ts'
import { Drift } from './drift.ts'
import type { EvaluationEvent } from './events.ts'
import type { JointPredictions, Predictions } from './insight.ts'
import type { Vector } from './vector.ts'
import { yieldToMessages } from './yield.ts'

/** pictures that are evaluated together */
export const EVALUATION_BATCH = 32

/** What all workers find out together about their models. */
export interface JointEvaluation {
  scores: Omit<EvaluationEvent, 'type' | 'rank' | 'step' | 'epoch' | 'payloadBytes' | 'framingBytes' | 'seconds'>
  predictions: JointPredictions
  /** the averaged parameters (or evaluation points, where the method has its own), the same on every worker */
  averaged: Float32Array
}

export interface EvaluatorParts {
  runner: ModelRunner
  test: Pictures
  /** as in StoredPictures */
  table: Float32Array
  classes: number
  /** positions of the test pictures whose predictions are told one by one */
  strip: number[]
}

/**
 * Measures this worker's model on the whole test set, and the averaged model on it together: each worker takes its part of the pictures.
 * Running statistics go with their model: the averaged one is measured with the averaged ones, after which each worker has its own again.
 */
export class Evaluator {
  private readonly scratch: Vector
  private readonly drift = new Drift()

  constructor(private readonly parts: EvaluatorParts) {
    this.scratch = parts.runner.space.zeros()
  }

  /** All members of the view must call this after the same step. Rejects with ViewChanged. */
  async evaluate(algorithm: Algorithm, communicator: Communicator): Promise<JointEvaluation> {
    const { test, strip } = this.parts
    const count = test.labels.length
    const own = await this.score(algorithm.model, 0, count)
    const values = await algorithm.model.read()
    const { state } = this.parts.runner
    const ownState = state && (await state.read())
    const mean = toAverage(values.slice())
    const meanPoint = algorithm.evaluationPoint ? toAverage(await this.written((into) => algorithm.evaluationPoint?.(into))) : null
    const meanState = ownState && toAverage(ownState.slice())
    const correction = algorithm.correction ? await this.written((into) => algorithm.correction?.(into)) : null
    const meanCorrection = correction && toAverage(correction.slice())
    await communicator.average([mean, meanPoint, meanState, meanCorrection].filter((array) => array !== null))
    const averaged = (meanPoint ?? mean).values

    const { rank, size } = communicator
    this.scratch.write(averaged)
    if (meanState) state?.write(meanState.values)
    const first = Math.floor((rank * count) / size)
    const part = await this.score(this.scratch, first, Math.floor(((rank + 1) * count) / size))
    if (ownState) state?.write(ownState)

    // What the averaged model says of a picture of the strip is known to the worker that has it in its part; the others add nothing to it.
    const ofStrip = predictionsAt(
      part,
      strip.map((position) => position - first),
    )
    const shared = Float32Array.from([
      ...[part.lossSum, squaredDistance(values, mean.values), correction ? squaredNorm(correction) : 0],
      ...[...part.confusion, ...ofStrip.classes, ...ofStrip.probabilities],
    ])
    await communicator.average([toAverage(shared)])
    const [meanLossSum, meanSquaredDistance, meanSquaredCorrection, ...sums] = shared
    // Means over workers of whole numbers below 2^24: times the number of workers they are whole again.
    const whole = (mean: number) => Math.round(mean * size)
    const cells = part.confusion.length
    const averagedConfusion = Uint32Array.from(sums.slice(0, cells), whole)
    return {
      scores: {
        accuracy: diagonalSum(own.confusion) / count,
        loss: own.lossSum / count,
        classAccuracy: classAccuracies(own.confusion),
        averagedAccuracy: diagonalSum(averagedConfusion) / count,
        averagedClassAccuracy: classAccuracies(averagedConfusion),
        averagedLoss: (meanLossSum * size) / count,
        consensusDistance: Math.sqrt(meanSquaredDistance),
        drift: this.drift.next(values, mean.values, size),
        trackerError: meanCorrection && relativeTo(Math.sqrt(squaredNorm(meanCorrection.values)), Math.sqrt(meanSquaredCorrection)),
      },
      predictions: {
        confusion: own.confusion,
        averagedConfusion,
        strip: predictionsAt(own, strip),
        averagedStrip: {
          classes: Uint8Array.from(sums.slice(cells, cells + strip.length), whole),
          probabilities: Float32Array.from(sums.slice(cells + strip.length), (mean) => mean * size),
        },
      },
      averaged,
    }
  }

  dispose(): void {
    this.scratch.dispose()
  }

  private written(write: (into: Vector) => void): Promise<Float32Array> {
    write(this.scratch)
    return this.scratch.read()
  }

  /** A model on a part of the test pictures. */
  private async score(at: Vector, start: number, end: number): Promise<Score> {
    const { runner, test, table, classes } = this.parts
    const confusion = new Uint32Array(classes * classes)
    const predicted = new Uint8Array(end - start)
    const probabilities = new Float32Array(end - start)
    let lossSum = 0
    for (let first = start; first < end; first += EVALUATION_BATCH) {
      await yieldToMessages()
      const size = Math.min(EVALUATION_BATCH, end - first)
      const bytes = test.images.subarray(first * IMAGE_BYTES, (first + size) * IMAGE_BYTES)
      const images = { bytes, crops: new Int8Array(size * 3), table }
      const labels = test.labels.subarray(first, first + size)
      const result = await runner.evaluate(at, { images, labels })
      labels.forEach((label, i) => {
        confusion[label * classes + result.predictions[i]]++
      })
      predicted.set(result.predictions, first - start)
      probabilities.set(result.probabilities, first - start)
      lossSum += result.lossSum
    }
    return { confusion, lossSum, classes: predicted, probabilities }
  }
}

/** Of a model on some pictures: what it predicts, the counts of that as in JointPredictions, and the sum of the cross-entropies in nats. */
interface Score extends Predictions {
  confusion: Uint32Array
  lossSum: number
}

/** Those at some positions; 0 where there is none. */
function predictionsAt({ classes, probabilities }: Predictions, positions: number[]): Predictions {
  return {
    classes: Uint8Array.from(positions, (position) => classes[position] ?? 0),
    probabilities: Float32Array.from(positions, (position) => probabilities[position] ?? 0),
  }
}

/** The pictures that are what they are taken for. */
function diagonalSum(confusion: Uint32Array): number {
  const classes = Math.sqrt(confusion.length)
  let sum = 0
  for (let label = 0; label < classes; label++) sum += confusion[label * (classes + 1)]
  return sum
}

/** The share of right predictions in each row; 0 for a class without pictures. */
function classAccuracies(confusion: Uint32Array): number[] {
  const classes = Math.sqrt(confusion.length)
  return Array.from({ length: classes }, (_, label) => {
    const row = confusion.subarray(label * classes, (label + 1) * classes)
    return relativeTo(
      row[label],
      row.reduce((a, b) => a + b, 0),
    )
  })
}

const relativeTo = (value: number, whole: number) => (whole === 0 ? 0 : value / whole)

const toAverage = (values: Float32Array): RoundArray => ({ kind: 'evaluation', values })

const squaredNorm = (a: Float32Array) => a.reduce((sum, value) => sum + value * value, 0)

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i])
  return sum
}
