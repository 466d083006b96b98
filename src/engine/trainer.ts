import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Algorithm, Exchanged, WorkerView } from './algorithms/types.ts'
import type { ModelRunner } from './backends/types.ts'
import { type Communicator, ViewChanged } from './communicator.ts'
import type { RunConfig } from './config.ts'
import type { BatchStream } from './data/batches.ts'
import { LabError } from './errors.ts'
import type { Evaluator, JointEvaluation } from './evaluation.ts'
import type { MetricEvent } from './events.ts'
import { exchangeVectors, tradeCounted } from './exchange-vectors.ts'
import { scalarCount } from './message.ts'
import { learningRateAt } from './schedule.ts'
import type { Vector } from './vector.ts'
import { yieldToMessages } from './yield.ts'

export interface TrainerParts {
  /** place in the run, for the events: it stays when ranks move up after a loss */
  seat: number
  config: RunConfig
  algorithm: Algorithm
  /** as in AlgorithmDefinition */
  denseDown: boolean
  runner: ModelRunner
  batches: BatchStream
  evaluator: Evaluator
  communicator: Communicator
  onEvent(event: MetricEvent): void
  /** the trainer waits at this step because of runUntil */
  onPaused?(step: number): void
}

/** One worker's loop: model, shard, algorithm and exchange in, metric events out. */
export class Trainer {
  private step = 0
  private stopped = false
  private limit: number | null = null
  private wake: (() => void) | null = null
  private loss = Number.NaN
  private lossKnown = true
  private exchangeMs = 0
  /** spent in pauses and evaluations */
  private otherMs = 0
  private startedMs = 0
  private readonly serverScalars = { up: 0, down: 0 }
  private readonly gradientVector: Vector

  constructor(private readonly parts: TrainerParts) {
    this.gradientVector = parts.runner.space.zeros()
  }

  /**
   * Trains to the end of the run. Resolves with false when it was stopped before.
   * Rejects with what the backend, the algorithm or the communicator reports.
   */
  async run(): Promise<boolean> {
    const { config } = this.parts
    this.startedMs = performance.now()
    while (this.step < config.steps) {
      await this.mayGoOn()
      if (this.stopped) return false
      const done = await this.surviving(() => this.trainStep())
      // An interrupted step has moved the model, only its exchange is missing: it counts as done, and all go on from the same step.
      if (!done) await this.settle(this.step + 1)
      else if (this.evaluationDue() && !(await this.surviving(() => this.evaluate()))) await this.settle(this.step)
    }
    return this.conclude()
  }

  /** gradient steps done */
  get steps(): number {
    return this.step
  }

  /** For a worker that has finished: goes through the last evaluation again, with the members that are left. */
  async rejoin(): Promise<boolean> {
    await this.settle(this.step)
    return this.conclude()
  }

  /** Wait before the gradient step of this number (0-based); null lets it run. */
  runUntil(step: number | null): void {
    this.limit = step
    this.wake?.()
  }

  /** Ends the run before its next step. */
  stop(): void {
    this.stopped = true
    this.wake?.()
  }

  dispose(): void {
    this.stop()
    this.parts.algorithm.dispose()
    this.parts.algorithm.model.dispose()
    this.parts.evaluator.dispose()
    this.gradientVector.dispose()
    this.parts.runner.dispose()
  }

  private async conclude(): Promise<boolean> {
    while (!this.stopped) {
      const result = await this.surviving(() => this.evaluate())
      if (result) {
        this.finish(result)
        return true
      }
      await this.settle(this.step)
    }
    return false
  }

  private async mayGoOn(): Promise<void> {
    await yieldToMessages()
    const start = performance.now()
    while (!this.stopped && this.limit !== null && this.step >= this.limit) {
      const woken = new Promise<void>((resolve) => {
        this.wake = resolve
      })
      this.parts.onPaused?.(this.step)
      await woken
      this.wake = null
    }
    this.otherMs += performance.now() - start
  }

  private async trainStep(): Promise<true> {
    const { algorithm, config, onEvent, batches, seat } = this.parts
    const start = performance.now()
    this.exchangeMs = 0
    await algorithm.step(this.view())
    await this.learnLoss()
    this.step++
    const stepMs = performance.now() - start
    onEvent({
      type: 'step',
      rank: seat,
      step: this.step,
      epoch: this.step / batches.batchesPerEpoch,
      loss: this.loss,
      learningRate: learningRateAt(config, this.step - 1, batches.batchesPerEpoch),
      computeMs: stepMs - this.exchangeMs,
      exchangeMs: this.exchangeMs,
      ...this.sentSoFar(),
      payloadByKind: this.parts.communicator.sentBytesByKind(),
      seconds: this.seconds(),
    })
    return true
  }

  private view(): WorkerView {
    const { communicator, config, batches, runner } = this.parts
    return {
      rank: communicator.rank,
      size: communicator.size,
      step: this.step,
      learningRate: learningRateAt(config, this.step, batches.batchesPerEpoch),
      gradient: async (at) => {
        await runner.gradient(at, batches.take(), this.gradientVector)
        this.lossKnown = false
        return this.gradientVector.add(config.weightDecay, at)
      },
      mix: (given) => exchangeVectors(this.withState(given), (arrays) => this.communicate(() => communicator.mix(arrays))),
      average: (given) => {
        const vectors = this.withState(given)
        const scalars = Object.values(vectors).reduce((sum, vector) => sum + vector.size, 0)
        this.countAtServer(scalars, scalars)
        return exchangeVectors(vectors, (arrays) => this.communicate(() => communicator.average(arrays)))
      },
      averageMessage: async (message) => {
        const mean = await this.communicate(() => communicator.averageMessage('residual', message))
        this.countAtServer(scalarCount(message), this.parts.denseDown ? message.size : scalarCount(mean))
        return mean
      },
      mixMessage: (message) => this.communicate(() => communicator.mixMessage('residual', message)),
      neighbors: () => communicator.neighbors(),
      trade: async (messages) => {
        const received = await this.communicate(() => tradeCounted(communicator, messages))
        // A relayed sum has no place for the state, so it is gossiped along the same edges.
        if (runner.state) await exchangeVectors({ state: runner.state }, (arrays) => this.communicate(() => communicator.mix(arrays)))
        return received
      },
    }
  }

  /** What a model keeps beside its parameters goes wherever the model goes, in the same round; an algorithm never sees it. */
  private withState(vectors: Exchanged): Exchanged {
    const { state } = this.parts.runner
    return state && vectors.model ? { ...vectors, state } : vectors
  }

  /** The loss of the last gradient. On a GPU it comes with whatever is read next, so it is known before anything is sent. */
  private async learnLoss(): Promise<void> {
    if (this.lossKnown) return
    const { runner, seat, config } = this.parts
    this.loss = await runner.loss()
    this.lossKnown = true
    if (!Number.isFinite(this.loss))
      throw new LabError(
        'diverged',
        `the loss of worker ${seat} is ${this.loss} at step ${this.step}: training diverged; take a smaller learning rate than ${config.learningRate}`,
      )
  }

  /** One round, timed. A diverged model is not sent. */
  private async communicate<T>(round: () => Promise<T>): Promise<T> {
    await this.learnLoss()
    const start = performance.now()
    const result = await round()
    this.exchangeMs += performance.now() - start
    return result
  }

  private countAtServer(up: number, down: number): void {
    this.serverScalars.up += up
    this.serverScalars.down += down
  }

  private evaluationDue(): boolean {
    const { evaluateEvery, steps } = this.parts.config
    return evaluateEvery > 0 && this.step % evaluateEvery === 0 && this.step < steps
  }

  private async evaluate(): Promise<JointEvaluation> {
    const { algorithm, evaluator, communicator, onEvent, batches, seat } = this.parts
    const start = performance.now()
    const { averaged, ...scores } = await evaluator.evaluate(algorithm, communicator)
    onEvent({
      type: 'evaluation',
      rank: seat,
      step: this.step,
      epoch: this.step / batches.batchesPerEpoch,
      ...scores,
      ...this.sentSoFar(),
      seconds: this.seconds(),
    })
    this.otherMs += performance.now() - start
    return { averaged, ...scores }
  }

  private finish({ averaged }: JointEvaluation): void {
    const { communicator, config, onEvent, seat } = this.parts
    const seconds = this.seconds()
    onEvent({
      type: 'finished',
      rank: seat,
      steps: this.step,
      parameters: averaged.length,
      parametersSha256: bytesToHex(sha256(new Uint8Array(averaged.buffer, averaged.byteOffset, averaged.byteLength))),
      sentBytes: { ...communicator.sentBytes(), byKind: communicator.sentBytesByKind() },
      serverScalars: { ...this.serverScalars },
      imagesPerSecond: (this.step * config.batchSize) / (seconds - this.otherMs / 1000),
      seconds,
    })
  }

  /** Agrees with the remaining members where to go on, and lets the algorithm restore what it needs. */
  private async settle(step: number): Promise<void> {
    while (!this.stopped) {
      const settled = await this.surviving(async () => {
        this.step = Math.min(await this.parts.communicator.settle(step), this.parts.config.steps)
        await this.parts.algorithm.onViewChange(this.view())
        return true
      })
      if (settled) return
    }
  }

  /** The result, or null when the membership changed meanwhile. */
  private async surviving<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof ViewChanged) return null
      throw error
    }
  }

  private sentSoFar(): { payloadBytes: number; framingBytes: number } {
    const { payload, framing } = this.parts.communicator.sentBytes()
    return { payloadBytes: payload, framingBytes: framing }
  }

  private seconds(): number {
    return (performance.now() - this.startedMs) / 1000
  }
}
