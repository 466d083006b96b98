/** What an exchanged vector holds; `state` is what a model keeps beside its parameters, as batch normalization's running statistics. */
export type VectorKind = PayloadKind | 'evaluation'

/** Kinds of training; what is exchanged only to evaluate is control, not payload. */
export const payloadKinds = ['model', 'momentum', 'tracker', 'gradient', 'residual', 'state'] as const
export type PayloadKind = (typeof payloadKinds)[number]

/** Payload bytes by what the vectors hold. */
export type PayloadByKind = Record<PayloadKind, number>

/** One worker finished one gradient step. */
export interface StepEvent {
  type: 'step'
  /** rank at the start of the run, in all events: ranks move up when a member is lost, this number stays */
  rank: number
  /** gradient steps done, 1-based */
  step: number
  /** passes over this worker's shard so far */
  epoch: number
  /** mini-batch cross-entropy in nats, without weight decay */
  loss: number
  learningRate: number
  /** milliseconds spent in the gradient and vector algebra of this step, and in the exchange */
  computeMs: number
  /** the sum of the three below */
  exchangeMs: number
  /** making frames of vectors, reading those that come, and the sums over them */
  encodeMs: number
  /** handing frames over */
  sendMs: number
  /** until the others' frames are there */
  waitMs: number
  /** cumulative bytes this worker has sent */
  payloadBytes: number
  framingBytes: number
  /** adds up to payloadBytes */
  payloadByKind: PayloadByKind
  /** seconds since the run started on this worker */
  seconds: number
}

/** All workers evaluated together after the same step; every worker reports its own line. */
export interface EvaluationEvent {
  type: 'evaluation'
  rank: number
  step: number
  epoch: number
  /** test accuracy (fraction) and mean cross-entropy of this worker's local model */
  accuracy: number
  loss: number
  /** test accuracy (fraction) of the averaged model: the same number on every worker */
  averagedAccuracy: number
  averagedLoss: number
  /** test accuracy (fraction) on the pictures of each class, of the local model and of the averaged one */
  classAccuracy: number[]
  averagedClassAccuracy: number[]
  /** sqrt(mean_i ||x_i - mean x||^2) over all workers */
  consensusDistance: number
  /** cosine between this worker's update since the last evaluation and the mean update; null at first, after a loss, and without an update */
  drift: number | null
  /**
   * ||mean_i r_i|| / sqrt(mean_i ||r_i||^2) of what gradient tracking keeps at a sum of zero over the workers (tracker minus last gradient):
   * 0 but for rounding while the mean of the trackers is that of the gradients; null for methods without trackers
   */
  trackerError: number | null
  payloadBytes: number
  framingBytes: number
  seconds: number
}

/** The membership changed during the run, or a member goes on with another device. */
export interface ViewEvent {
  type: 'view'
  rank: number
  step: number
  view: number
  members: number
  message: string
}

/** This worker's part of the run is over. */
export interface FinishedEvent {
  type: 'finished'
  rank: number
  steps: number
  /** number of model parameters */
  parameters: number
  /** sha256 (hex) of the averaged parameters as little-endian float32: the same on every worker */
  parametersSha256: string
  /** byKind adds up to payload */
  sentBytes: { payload: number; framing: number; control: number; byKind: PayloadByKind }
  /** float values to a parameter server (this worker's) and back from it (one broadcast for all), as the GMC paper counts; 0 for gossip */
  serverScalars: { up: number; down: number }
  /** training images of this worker per second of wall time, evaluations and pauses excluded */
  imagesPerSecond: number
  seconds: number
}

/** One line of metrics.jsonl. */
export type MetricEvent = StepEvent | EvaluationEvent | ViewEvent | FinishedEvent
