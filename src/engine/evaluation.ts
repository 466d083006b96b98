import type { Algorithm } from './algorithms/types.ts'
import type { ModelRunner } from './backends/types.ts'
import type { Communicator, RoundArray } from './communicator.ts'
import { IMAGE_BYTES } from './data/dataset.ts'
import type { Pictures } from './data/shard.ts'
import type { Vector } from './vector.ts'
import { yieldToMessages } from './yield.ts'

/** pictures that are evaluated together */
export const EVALUATION_BATCH = 32

/** What all workers find out together about their models. */
export interface JointEvaluation {
  accuracy: number
  loss: number
  /** accuracy on the test pictures of each class, of this worker's model; 0 for a class without pictures */
  classAccuracy: number[]
  averagedAccuracy: number
  averagedClassAccuracy: number[]
  averagedLoss: number
  /** sqrt(mean_i ||x_i - mean x||^2) */
  consensusDistance: number
  /** the averaged parameters (or evaluation points, where the method has its own), the same on every worker */
  averaged: Float32Array
}

/**
 * Measures this worker's model on the whole test set, and the averaged model on it together: each worker takes its part of the pictures.
 * Running statistics go with their model: the averaged one is measured with the averaged ones, after which each worker has its own again.
 */
export class Evaluator {
  private readonly scratch: Vector
  private readonly picturesOfClass: number[]

  constructor(
    private readonly runner: ModelRunner,
    private readonly test: Pictures,
    /** as in StoredPictures */
    private readonly table: Float32Array,
    classes: number,
  ) {
    this.scratch = runner.space.zeros()
    this.picturesOfClass = new Array<number>(classes).fill(0)
    for (const label of test.labels) this.picturesOfClass[label]++
  }

  /** All members of the view must call this after the same step. Rejects with ViewChanged. */
  async evaluate(algorithm: Algorithm, communicator: Communicator): Promise<JointEvaluation> {
    const count = this.test.labels.length
    const own = await this.score(algorithm.model, 0, count)
    const values = await algorithm.model.read()
    const { state } = this.runner
    const ownState = state && (await state.read())
    const mean = toAverage(values.slice())
    const meanPoint = algorithm.evaluationPoint ? toAverage(await this.pointOf(algorithm)) : null
    const meanState = ownState && toAverage(ownState.slice())
    await communicator.average([mean, meanPoint, meanState].filter((array) => array !== null))
    const averaged = (meanPoint ?? mean).values

    const { rank, size } = communicator
    this.scratch.write(averaged)
    if (meanState) state?.write(meanState.values)
    const part = await this.score(this.scratch, Math.floor((rank * count) / size), Math.floor(((rank + 1) * count) / size))
    if (ownState) state?.write(ownState)
    const shared = Float32Array.of(part.lossSum, squaredDistance(values, mean.values), ...part.correct)
    await communicator.average([toAverage(shared)])
    const [meanLossSum, meanSquaredDistance, ...meanCorrect] = shared
    // A mean over workers of whole numbers below 2^24: times the number of workers it is whole again.
    const correct = meanCorrect.map((mean) => Math.round(mean * size))
    return {
      accuracy: sum(own.correct) / count,
      loss: own.lossSum / count,
      classAccuracy: this.byClass(own.correct),
      averagedAccuracy: sum(correct) / count,
      averagedClassAccuracy: this.byClass(correct),
      averagedLoss: (meanLossSum * size) / count,
      consensusDistance: Math.sqrt(meanSquaredDistance),
      averaged,
    }
  }

  dispose(): void {
    this.scratch.dispose()
  }

  private pointOf(algorithm: Algorithm): Promise<Float32Array> {
    algorithm.evaluationPoint?.(this.scratch)
    return this.scratch.read()
  }

  private byClass(correct: number[]): number[] {
    return correct.map((count, label) => (this.picturesOfClass[label] > 0 ? count / this.picturesOfClass[label] : 0))
  }

  /** Of a part of the test pictures: the right predictions in each class, and the sum of the cross-entropies in nats. */
  private async score(at: Vector, start: number, end: number): Promise<{ correct: number[]; lossSum: number }> {
    const correct = this.picturesOfClass.map(() => 0)
    let lossSum = 0
    for (let first = start; first < end; first += EVALUATION_BATCH) {
      await yieldToMessages()
      const size = Math.min(EVALUATION_BATCH, end - first)
      const bytes = this.test.images.subarray(first * IMAGE_BYTES, (first + size) * IMAGE_BYTES)
      const images = { bytes, crops: new Int8Array(size * 3), table: this.table }
      const labels = this.test.labels.subarray(first, first + size)
      const result = await this.runner.evaluate(at, { images, labels })
      labels.forEach((label, i) => {
        if (result.predictions[i] === label) correct[label]++
      })
      lossSum += result.lossSum
    }
    return { correct, lossSum }
  }
}

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)

const toAverage = (values: Float32Array): RoundArray => ({ kind: 'evaluation', values })

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i])
  return sum
}
