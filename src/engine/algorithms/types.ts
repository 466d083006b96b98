import type { z } from 'zod'
import type { Compressor } from '../compressors/types.ts'
import type { VectorKind } from '../events.ts'
import type { Message } from '../message.ts'
import type { Vector, VectorSpace } from '../vector.ts'

/** All that an algorithm may know of the world. It never learns whether its neighbors are tabs or objects. */
export interface WorkerView {
  readonly rank: number
  readonly size: number
  /** gradient steps done before this one, 0-based */
  readonly step: number
  readonly learningRate: number
  /** Gradient of the next mini-batch's loss at a point, weight decay included; valid until the next call. */
  gradient(at: Vector): Promise<Vector>
  /** In place v_i <- sum_j W_ij v_j; all of them in one round. */
  mix(vectors: Exchanged): Promise<void>
  /** In place v_i <- mean_j v_j, exactly, over all workers; all of them in one round. */
  average(vectors: Exchanged): Promise<void>
  /** The mean over all workers of what their messages stand for. */
  averageMessage(message: Message): Promise<Message>
  /** sum_j W_ij m_j */
  mixMessage(message: Message): Promise<Message>
  /** Ranks that this worker sends to, ascending, itself excluded. */
  neighbors(): number[]
  /** Sends each neighbor what is meant for it, and resolves with what the neighbors sent, by rank. */
  trade(messages: ReadonlyMap<number, Counted>): Promise<Map<number, Counted>>
}

/** A sum of models and how many there are in it. */
export interface Counted {
  sum: Float32Array
  count: number
}

/** Vectors of one round by what they hold, in the order in which they are sent. */
export type Exchanged = Partial<Record<VectorKind, Vector>>

/** One worker's state of an algorithm. Vectors are allocated in `create`; a step allocates nothing that stays. */
export interface Algorithm {
  /** this worker's model */
  readonly model: Vector
  /** One gradient step, with the communication that follows it. */
  step(view: WorkerView): Promise<void>
  /** The membership changed during a round: restore what the method needs to hold across workers. */
  onViewChange(view: WorkerView): Promise<void>
  /** Writes the point whose mean over the workers the method is evaluated at, where that is not the model itself. */
  evaluationPoint?(into: Vector): void
  /** Of a method that tracks gradients: writes what sums to zero over the workers between steps, the tracker minus the last gradient. */
  correction?(into: Vector): void
  dispose(): void
}

/** What an algorithm is made of. */
export interface AlgorithmParts {
  /** the start, the same on all workers; the algorithm's model from now on */
  model: Vector
  space: VectorSpace
  compressor: Compressor
  /** CSER's second compressor, for its resets */
  resetCompressor: Compressor
}

/** An algorithm as data: the form, the flags, the docs and the reference cases all read it. */
export interface AlgorithmDefinition<H extends z.ZodRawShape = z.ZodRawShape> {
  id: string
  title: string
  /** paper and equation */
  source: string
  /** one sentence for the dashboard and the docs */
  whatIsSent: string
  /** with whom a worker exchanges: those next to it in the topology, everybody whatever the topology (by the run's aggregation), or nobody */
  partners: 'neighbors' | 'everybody' | 'nobody'
  /** how many of the run's compressors it uses: none, `compressor`, or `resetCompressor` too */
  compressors: 0 | 1 | 2
  /** topologies on which it is defined; absent: all */
  topologies?: readonly string[]
  /** the largest number of workers for which it is defined; absent: any */
  mostWorkers?: number
  /** the server sends a dense vector down although the workers' messages are sparse (counted in RCC) */
  denseDown?: boolean
  /** hyperparameters with ranges, defaults and a sentence of meaning each */
  hyperparameters: z.ZodObject<H>
  /** gradient steps between two rounds of communication */
  stepsPerRound(hyperparameters: z.infer<z.ZodObject<H>>): number
  create(hyperparameters: z.infer<z.ZodObject<H>>, parts: AlgorithmParts): Algorithm
}
