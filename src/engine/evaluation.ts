import type { Algorithm } from './algorithms/types.ts'
import type { ModelRunner } from './backends/types.ts'
import type { Communicator, RoundArray } from './communicator.ts'
import type { Normalizer } from './data/batches.ts'
import { IMAGE_BYTES } from './data/dataset.ts'
import type { Pictures } from './data/shard.ts'
import type { Vector } from './vector.ts'
import { yieldToMessages } from './yield.ts'

const BATCH = 50

/** What all workers find out together about their models. */
export interface JointEvaluation {
  accuracy: number
  loss: number
  averagedAccuracy: number
  averagedLoss: number
  /** sqrt(mean_i ||x_i - mean x||^2) */
  consensusDistance: number
  /** the averaged parameters (or evaluation points, where the method has its own), the same on every worker */
  averaged: Float32Array
}

/** Measures this worker's model on the whole test set, and the averaged model on it together: each worker takes its part of the pictures. */
export class Evaluator {
  private readonly scratch: Vector

  constructor(
    private readonly runner: ModelRunner,
    private readonly test: Pictures,
    private readonly normalizer: Normalizer,
  ) {
    this.scratch = runner.space.zeros()
  }

  /** All members of the view must call this after the same step. Rejects with ViewChanged. */
  async evaluate(algorithm: Algorithm, communicator: Communicator): Promise<JointEvaluation> {
    const count = this.test.labels.length
    const own = await this.score(algorithm.model, 0, count)
    const values = await algorithm.model.read()
    const mean: RoundArray = { kind: 'evaluation', values: values.slice() }
    const evaluated = algorithm.evaluationPoint ? await this.pointOf(algorithm) : mean
    await communicator.average(evaluated === mean ? [mean] : [mean, evaluated])
    const averaged = evaluated.values

    const { rank, size } = communicator
    this.scratch.write(averaged)
    const part = await this.score(this.scratch, Math.floor((rank * count) / size), Math.floor(((rank + 1) * count) / size))
    const shared = Float32Array.of(part.correct, part.lossSum, squaredDistance(values, mean.values))
    await communicator.average([{ kind: 'evaluation', values: shared }])
    const [meanCorrect, meanLossSum, meanSquaredDistance] = shared
    return {
      accuracy: own.correct / count,
      loss: own.lossSum / count,
      // A mean over workers of whole numbers below 2^24: times the number of workers it is whole again.
      averagedAccuracy: Math.round(meanCorrect * size) / count,
      averagedLoss: (meanLossSum * size) / count,
      consensusDistance: Math.sqrt(meanSquaredDistance),
      averaged,
    }
  }

  dispose(): void {
    this.scratch.dispose()
  }

  private async pointOf(algorithm: Algorithm): Promise<RoundArray> {
    algorithm.evaluationPoint?.(this.scratch)
    return { kind: 'evaluation', values: await this.scratch.read() }
  }

  private async score(at: Vector, start: number, end: number): Promise<{ correct: number; lossSum: number }> {
    let correct = 0
    let lossSum = 0
    for (let first = start; first < end; first += BATCH) {
      await yieldToMessages()
      const size = Math.min(BATCH, end - first)
      const images = new Float32Array(size * IMAGE_BYTES)
      for (let i = 0; i < size; i++) this.normalizer.write(this.test.images, first + i, images, i)
      const result = await this.runner.evaluate(at, { images, labels: this.test.labels.subarray(first, first + size) })
      correct += result.correct
      lossSum += result.lossSum
    }
    return { correct, lossSum }
  }
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2
  return sum
}
