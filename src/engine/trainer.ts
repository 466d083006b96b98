import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { Algorithm, Exchanged, WorkerView } from './algorithms/types.ts'
import type { ModelRunner } from './backends/types.ts'
import { type Communicator, type RoundArray, ViewChanged } from './communicator.ts'
import type { RunConfig } from './config.ts'
import type { BatchStream } from './data/batches.ts'
import { LabError } from './errors.ts'
import type { Evaluator, JointEvaluation } from './evaluation.ts'
import type { MetricEvent, VectorKind } from './events.ts'
import { exchangeVectors, tradeCounted } from './exchange-vectors.ts'
import type { Insight } from './insight.ts'
import { scalarCount } from './message.ts'
import { learningRateAt } from './schedule.ts'
import type { Vector } from './vector.ts'
import { yieldToMessages } from './yield.ts'

/** What of a worker lives on its backend's device. */
export interface OnDevice {
  runner: ModelRunner
  algorithm: Algorithm
  evaluator: Evaluator
  /** as of the Backend */
  usable(): boolean
}

/** A model on the host, which outlives a device. */
export interface Snapshot {
  parameters: Float32Array
  /** as of the ModelRunner; null also for a model at its start */
  state: Float32Array | null
}

/** What to do about a lost device. */
export interface Recovery {
  /** what the run begins with */
  start: Snapshot
  /** A worker with this model on another device. Resolves when it is in a view in which it has to settle; the message is for the user. */
  replace(model: Snapshot, message: string): Promise<OnDevice>
}

export interface TrainerParts {
  /** place in the run, for the events: it stays when ranks move up after a loss */
  seat: number
  config: RunConfig
  /** as in AlgorithmDefinition */
  denseDown: boolean
  /** gradient steps between two rounds of communication */
  stepsPerRound: number
  device: OnDevice
  /** null where no device is lost */
  recovery: Recovery | null
  batches: BatchStream
  communicator: Communicator
  onEvent(event: MetricEvent): void
  onInsight?(insight: Insight): void
  /** the trainer waits at this step because of runUntil */
  onPaused?(step: number): void
}

/** A device that is lost again so soon is not opened again. */
const RELAPSE_MS = 60_000
/** Without a round the model is copied to the host only so often: what is done since is lost with a device. */
const SNAPSHOT_MS = 1_000

/** One worker's loop: model, shard, algorithm and exchange in, metric events out. */
export class Trainer {
  private step = 0
  private stopped = false
  private limit: number | null = null
  private wake: (() => void) | null = null
  private loss = Number.NaN
  private lossKnown = true
  /** of this step's rounds */
  private times = { exchangeMs: 0, sendMs: 0, waitMs: 0 }
  /** spent in pauses and evaluations */
  private otherMs = 0
  private startedMs = 0
  private readonly serverScalars = { up: 0, down: 0 }
  private device: OnDevice
  private gradientVector: Vector
  private lostMs = Number.NEGATIVE_INFINITY
  /** the model as it last was on the host; null: as at the start */
  private snapshot: Snapshot | null = null
  private snapshotMs = Number.NEGATIVE_INFINITY
  /** the device has the model of a round that the snapshot lacks */
  private ahead = false

  constructor(private readonly parts: TrainerParts) {
    this.device = parts.device
    this.gradientVector = this.device.runner.space.zeros()
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
      const done = await this.surviving(async () => {
        await this.trainStep()
        if (this.evaluationDue()) await this.evaluate()
        return true
      })
      if (!done) await this.settle()
    }
    return this.conclude()
  }

  /** gradient steps done */
  get steps(): number {
    return this.step
  }

  /** For a worker that has finished: goes through the last evaluation again, with the members that are left. */
  async rejoin(): Promise<boolean> {
    await this.settle()
    return this.conclude()
  }

  /** Wait before the gradient step of this number (0-based), or where that has passed, at the end of the round under way; null lets it run. */
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
    this.leaveDevice()
  }

  private leaveDevice(): void {
    const { algorithm, evaluator, runner } = this.device
    algorithm.dispose()
    algorithm.model.dispose()
    evaluator.dispose()
    this.gradientVector.dispose()
    runner.dispose()
  }

  private async conclude(): Promise<boolean> {
    while (!this.stopped) {
      const result = await this.surviving(() => this.evaluate())
      if (result) {
        this.finish(result)
        return true
      }
      await this.settle()
    }
    return false
  }

  private async mayGoOn(): Promise<void> {
    await yieldToMessages()
    const start = performance.now()
    const betweenRounds = this.step % this.parts.stepsPerRound === 0
    while (!this.stopped && betweenRounds && this.limit !== null && this.step >= this.limit) {
      const woken = new Promise<void>((resolve) => {
        this.wake = resolve
      })
      this.parts.onPaused?.(this.step)
      await woken
      this.wake = null
    }
    this.otherMs += performance.now() - start
  }

  private async trainStep(): Promise<void> {
    const { config, onEvent, batches, seat } = this.parts
    const start = performance.now()
    this.times = { exchangeMs: 0, sendMs: 0, waitMs: 0 }
    try {
      await this.device.algorithm.step(this.view())
    } catch (error) {
      // The model has moved, only its exchange is missing: the step counts as done, and all go on from the same one.
      if (error instanceof ViewChanged) this.step++
      throw error
    }
    await this.learnLoss()
    await this.keepModel()
    this.step++
    const stepMs = performance.now() - start
    const { exchangeMs, sendMs, waitMs } = this.times
    onEvent({
      type: 'step',
      rank: seat,
      step: this.step,
      epoch: this.step / batches.batchesPerEpoch,
      loss: this.loss,
      learningRate: learningRateAt(config, this.step - 1, batches.batchesPerEpoch),
      computeMs: stepMs - exchangeMs,
      exchangeMs,
      encodeMs: exchangeMs - sendMs - waitMs,
      sendMs,
      waitMs,
      ...this.sentSoFar(),
      payloadByKind: this.parts.communicator.sentBytesByKind(),
      seconds: this.seconds(),
    })
  }

  private view(): WorkerView {
    const { communicator, config, batches } = this.parts
    const { runner } = this.device
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
      mix: (given) => this.exchange(this.withState(given), (arrays) => communicator.mix(arrays)),
      average: (given) => {
        const vectors = this.withState(given)
        const scalars = Object.values(vectors).reduce((sum, vector) => sum + vector.size, 0)
        this.countAtServer(scalars, scalars)
        return this.exchange(vectors, (arrays) => communicator.average(arrays))
      },
      averageMessage: async (message) => {
        this.ahead = true
        const mean = await this.communicate(() => communicator.averageMessage('residual', message))
        this.countAtServer(scalarCount(message), this.parts.denseDown ? message.size : scalarCount(mean))
        return mean
      },
      mixMessage: async (message) => {
        this.ahead = true
        return this.communicate(() => communicator.mixMessage('residual', message))
      },
      neighbors: () => communicator.neighbors(),
      trade: async (messages) => {
        this.ahead = true
        const received = await this.communicate(() => tradeCounted(communicator, messages))
        // A relayed sum has no place for the state, so it is gossiped along the same edges.
        if (runner.state) await exchangeVectors({ state: runner.state }, (arrays) => this.communicate(() => communicator.mix(arrays)))
        return received
      },
    }
  }

  /** What a model keeps beside its parameters goes wherever the model goes, in the same round; an algorithm never sees it. */
  private withState(vectors: Exchanged): Exchanged {
    const { state } = this.device.runner
    return state && vectors.model ? { ...vectors, state } : vectors
  }

  /** A round of dense vectors. A model in it is on the host then anyway, so that a copy costs nothing. */
  private exchange(vectors: Exchanged, round: (arrays: RoundArray[]) => Promise<void>): Promise<void> {
    return exchangeVectors(vectors, async (arrays) => {
      await this.communicate(() => round(arrays))
      const valuesOf = (kind: VectorKind) => arrays.find((array) => array.kind === kind)?.values ?? null
      const parameters = valuesOf('model')
      if (parameters) this.keep({ parameters, state: valuesOf('state') })
    })
  }

  /** Copies the model to the host where a device may be lost, after a round that sent something else, or when it is time. */
  private async keepModel(): Promise<void> {
    if (!this.parts.recovery || !(this.ahead || performance.now() - this.snapshotMs >= SNAPSHOT_MS)) return
    const { algorithm, runner } = this.device
    const [parameters, state] = await Promise.all([algorithm.model.read(), runner.state?.read() ?? null])
    this.keep({ parameters, state })
  }

  private keep(snapshot: Snapshot): void {
    if (!this.parts.recovery) return
    this.snapshot = snapshot
    this.snapshotMs = performance.now()
    this.ahead = false
  }

  /** The loss of the last gradient. On a GPU it comes with whatever is read next, so it is known before anything is sent. */
  private async learnLoss(): Promise<void> {
    if (this.lossKnown) return
    const { seat, config } = this.parts
    this.loss = await this.device.runner.loss()
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
    const { communicator } = this.parts
    const before = communicator.roundTimes()
    const start = performance.now()
    const result = await round()
    const { sendMs, waitMs } = communicator.roundTimes()
    this.times.exchangeMs += performance.now() - start
    this.times.sendMs += sendMs - before.sendMs
    this.times.waitMs += waitMs - before.waitMs
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
    const { communicator, onEvent, onInsight, batches, seat } = this.parts
    const { algorithm, evaluator } = this.device
    const start = performance.now()
    const evaluation = await evaluator.evaluate(algorithm, communicator)
    onEvent({
      type: 'evaluation',
      rank: seat,
      step: this.step,
      epoch: this.step / batches.batchesPerEpoch,
      ...evaluation.scores,
      ...this.sentSoFar(),
      seconds: this.seconds(),
    })
    onInsight?.({ type: 'predictions', rank: seat, step: this.step, ...evaluation.predictions })
    this.otherMs += performance.now() - start
    return evaluation
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

  /** Agrees with the members of the new view where to go on, and lets the algorithm restore what it needs. */
  private async settle(): Promise<void> {
    while (!this.stopped) {
      const settled = await this.surviving(async () => {
        this.step = Math.min(await this.parts.communicator.settle(this.step), this.parts.config.steps)
        await this.device.algorithm.onViewChange(this.view())
        return true
      })
      if (settled) return
    }
  }

  /** The result, or null when the membership changed meanwhile, or another device had to take the place of a lost one: then settle. */
  private async surviving<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work()
    } catch (error) {
      const { recovery } = this.parts
      if (recovery && !this.stopped && !this.device.usable()) await this.replaceDevice(recovery, error)
      else if (!(error instanceof ViewChanged)) throw error
      return null
    }
  }

  /** Momentum, residuals and the like are gone with a device: the worker begins anew from its model, as if it had just come. */
  private async replaceDevice({ start: beginning, replace }: Recovery, cause: unknown): Promise<void> {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const start = performance.now()
    if (start - this.lostMs < RELAPSE_MS)
      throw new LabError(
        'backend',
        `${reason}. It is the second time within a minute that this worker loses its device: start again with another backend; simd computes on the processor`,
        { cause },
      )
    this.lostMs = start
    const device = await replace(this.snapshot ?? beginning, `${reason}. Training goes on with a new one, from the last known model.`)
    this.leaveDevice()
    this.device = device
    this.gradientVector = device.runner.space.zeros()
    this.lossKnown = true
    this.otherMs += performance.now() - start
  }

  private sentSoFar(): { payloadBytes: number; framingBytes: number } {
    const { payload, framing } = this.parts.communicator.sentBytes()
    return { payloadBytes: payload, framingBytes: framing }
  }

  private seconds(): number {
    return (performance.now() - this.startedMs) / 1000
  }
}
