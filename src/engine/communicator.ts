import type { PayloadByKind, VectorKind } from './events.ts'
import type { Message } from './message.ts'

/** One host-side array taking part in a round, and what it holds (the byte ledger counts by kind). */
export interface RoundArray {
  kind: VectorKind
  values: Float32Array
}

/** Bytes sent so far by this worker. */
export interface SentBytes {
  /** vector values of training rounds */
  payload: number
  /** headers, checksums and chunk headers around payload */
  framing: number
  /** membership, metrics, heartbeats, and everything exchanged only to evaluate */
  control: number
}

/** What of a round's time is not computing. */
export interface RoundTimes {
  /** handing frames over */
  sendMs: number
  /** until the others' frames are there */
  waitMs: number
}

/**
 * What a trainer needs of the network. The arrays are replaced in place and only when the whole round has succeeded;
 * all of them travel in one round. Every member of the view must call the same methods in the same order.
 */
export interface Communicator {
  readonly rank: number
  readonly size: number
  /** v_i <- sum_j W_ij v_j, summed in rank order. Rejects with ViewChanged when the membership changes meanwhile. */
  mix(arrays: RoundArray[]): Promise<void>
  /** v_i <- mean_j v_j over all members, summed in rank order. Rejects like mix. */
  average(arrays: RoundArray[]): Promise<void>
  /**
   * The sum of all members' messages in rank order, over their number: sparse messages give a sparse one at the union of their positions,
   * blocks (which all have the same start and length) a block, all others a dense one; the same bits on every member. Rejects like mix.
   */
  averageMessage(kind: VectorKind, message: Message): Promise<Message>
  /** sum_j W_ij m_j in rank order, as a sparse message where all are sparse, a block where all are the same block, else dense. Rejects like mix. */
  mixMessage(kind: VectorKind, message: Message): Promise<Message>
  /** Sends each neighbor (W_ji != 0) the arrays meant for it and resolves with what each in-neighbor (W_ij != 0) sent, by rank. Rejects like mix. */
  tradeWithNeighbors(arrays: ReadonlyMap<number, RoundArray[]>): Promise<Map<number, RoundArray[]>>
  /** Ranks that this worker sends to in the next round, ascending, itself excluded. */
  neighbors(): number[]
  /** After ViewChanged: agrees with all members of the new view on the largest of their step counts. */
  settle(step: number): Promise<number>
  sentBytes(): SentBytes
  /** Milliseconds of all rounds so far. */
  roundTimes(): RoundTimes
  /** The payload of it, by what the vectors hold. */
  sentBytesByKind(): PayloadByKind
}

/** The membership changed while a round was under way; its arrays are untouched. Call settle, then go on. */
export class ViewChanged extends Error {
  readonly kind = 'view-changed'
  constructor(readonly view: number) {
    super(`the membership changed (view ${view}) during a round`)
  }
}
