import type { z } from 'zod'
import type { VectorKind } from '../events.ts'
import type { Vector, VectorSpace } from '../vector.ts'

/** All that an algorithm may know of the world. It never learns whether its neighbours are tabs or objects. */
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
}

/** Vectors of one round by what they hold, in the order in which they are sent. */
export type Exchanged = Partial<Record<VectorKind, Vector>>

/** One worker's state of an algorithm. Vectors are allocated in the constructor; a step allocates nothing. */
export interface Algorithm {
  /** this worker's model */
  readonly model: Vector
  /** One gradient step, with the communication that follows it. */
  step(view: WorkerView): Promise<void>
  /** The membership changed during a round: restore what the method needs to hold across workers. */
  onViewChange(view: WorkerView): Promise<void>
  dispose(): void
}

/** An algorithm as data: the form, the flags, the docs and the reference cases all read it. */
export interface AlgorithmDefinition<H extends z.ZodRawShape = z.ZodRawShape> {
  id: string
  title: string
  /** paper and equation */
  source: string
  /** one sentence for the dashboard and the docs */
  whatIsSent: string
  /** hyperparameters with ranges, defaults and a sentence of meaning each */
  hyperparameters: z.ZodObject<H>
  /** gradient steps between two rounds of communication */
  stepsPerRound(hyperparameters: z.infer<z.ZodObject<H>>): number
  create(hyperparameters: z.infer<z.ZodObject<H>>, model: Vector, space: VectorSpace): Algorithm
}
