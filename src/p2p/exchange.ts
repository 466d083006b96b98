import type { Communicator, Message, RoundArray, RoundTimes, SentBytes, VectorKind } from '../engine/index.ts'
import { type Aggregation, averageArrays } from './average.ts'
import { type DropReason, ExchangeError } from './exchange-errors.ts'
import type { FrameArray } from './frame.ts'
import type { PayloadByKind } from './ledger.ts'
import { mixArrays, type Neighborhood, neighborhoodOf } from './mix.ts'
import { denseArray, expectLike, valuesOf } from './round.ts'
import { Rounds } from './rounds.ts'
import type { PeerId, Transport, View } from './types.ts'

export interface ExchangeOptions {
  /** the run's id; frames of other runs are dropped */
  run: string
  self: PeerId
  view: View
  transport: Transport
  /** Mixing matrix of a view of so many members in this communication round: W[i][j] weighs j's vector at i. */
  mixing(size: number, round: number): number[][]
  /** Makes the error with which a round is rejected when the membership changes. */
  viewChanged(view: number): Error
  /** how averages come about, the same on all workers; default 'all-gather' */
  aggregation?: Aggregation
  /**
   * `mix` and `average` send values rounded to float16, and every worker uses the rounded ones, its own too; in `mix` it keeps what
   * rounding took from its own (mix.ts). Not what is exchanged to evaluate, not a model's state, which is short and may leave float16's
   * range, and not a server's answer. The same on all workers; default false.
   */
  float16?: boolean
  /** length of the links' chunks, for the byte count */
  chunkBytes?: number
}

/**
 * One worker's side of all rounds of a run, over any transport.
 *
 * Rounds are numbered from 0 within a view. A frame that comes early, for a later round or a newer view, waits; one that
 * does not belong is dropped and counted. After a change of view every call is rejected with `viewChanged` until the
 * worker has settled, so that each settles once for each view that it goes on in, wherever the change met it. A rejected
 * round leaves the caller's arrays as they were.
 */
export class Exchange implements Communicator {
  private readonly rounds: Rounds

  /** Begins to listen at once. Throws ExchangeError when `self` is not in the view. */
  constructor(private readonly options: ExchangeOptions) {
    this.rounds = new Rounds(options)
  }

  get rank(): number {
    return this.rounds.rank
  }

  get size(): number {
    return this.rounds.size
  }

  /** false from a change of view until this worker has settled in it */
  get settled(): boolean {
    return this.rounds.settled
  }

  /** Received frames that were not used, by reason. */
  get dropped(): Partial<Record<DropReason, number>> {
    return this.rounds.dropped
  }

  /**
   * One frame with all arrays goes to every j with W_ji != 0; when those of every j with W_ij != 0 are there,
   * v_i = sum_j W_ij v_j over these j and i itself (combine.ts), and all arrays are replaced together.
   */
  async mix(arrays: RoundArray[]): Promise<void> {
    const mixed = await this.rounds.perform('mix', (round) => mixArrays(round, this.neighborhood(), this.toSend(arrays)))
    replace(arrays, mixed)
  }

  /** v_i = mean over all ranks (combine.ts), on the ways that average.ts describes; the same bits on every member. */
  async average(arrays: RoundArray[]): Promise<void> {
    const means = await this.rounds.perform('average', (round) => averageArrays(round, this.toSend(arrays), this.aggregation))
    replace(arrays, means)
  }

  /** The mean of everybody's message (combine.ts), on the ways that average.ts describes; the same bits on every member. Never float16. */
  async averageMessage(kind: VectorKind, message: Message): Promise<Message> {
    const own: FrameArray[] = [{ kind, message }]
    const [mean] = await this.rounds.perform('averageMessage', (round) => averageArrays(round, own, this.aggregation, 'message'))
    return mean
  }

  /** Like mix, of messages, into a message of the sort that combine.ts says. Never float16. */
  async mixMessage(kind: VectorKind, message: Message): Promise<Message> {
    const own: FrameArray[] = [{ kind, message }]
    const [mixed] = await this.rounds.perform('mixMessage', (round) => mixArrays(round, this.neighborhood(), own, 'message'))
    return mixed
  }

  /**
   * Sends each rank of neighbors() its arrays and resolves with those of every j with W_ij != 0, by rank, this worker itself excluded.
   * Everybody must send arrays of the same kinds and lengths to everybody: a frame with others is dropped, and the right one waited for.
   * Rejects with ExchangeError `neighbors` when the ranks are not those of neighbors(). Never float16.
   */
  async tradeWithNeighbors(arrays: ReadonlyMap<number, RoundArray[]>): Promise<Map<number, RoundArray[]>> {
    return this.rounds.perform('trade', async (round) => {
      const { sources, targets } = this.neighborhood()
      const ranks = [...arrays.keys()].sort((a, b) => a - b)
      if (ranks.join() !== targets.join())
        throw new ExchangeError('neighbors', `expected arrays for the ranks ${targets.join(', ')}, got them for ${ranks.join(', ')}`)
      const send = new Map<number, FrameArray[]>()
      for (const [rank, own] of arrays)
        send.set(
          rank,
          own.map(({ kind, values }) => denseArray(kind, values)),
        )
      const [like] = send.values()
      const arrived = await round.exchange({ send, from: sources, expect: like ? expectLike(like) : null })
      return new Map([...arrived].map(([rank, got]) => [rank, got.map(toRoundArray)]))
    })
  }

  neighbors(): number[] {
    return this.neighborhood().targets
  }

  /**
   * Each member tells its step count to all others of the view; resolves with the largest when all have come. Rejects
   * with `viewChanged` when the view changes again meanwhile: then settle once more.
   */
  async settle(step: number): Promise<number> {
    return this.rounds.settle(step)
  }

  /**
   * Goes on in a newer view (others are ignored): rejects the round under way, restarts the round numbers, keeps
   * what members of the new view have already sent in it. Without this worker in it, the exchange ends.
   */
  changeView(view: View): void {
    this.rounds.changeView(view)
  }

  /** Bytes handed to the transport, counted as the links count them. */
  sentBytes(): SentBytes {
    return { ...this.rounds.outbox.sent }
  }

  /** Their payload by what the vectors hold. */
  sentBytesByKind(): PayloadByKind {
    return { ...this.rounds.outbox.sentByKind }
  }

  roundTimes(): RoundTimes {
    return this.rounds.times()
  }

  /** Members whose frames the round under way still lacks, in rank order. */
  waitingFor(): PeerId[] {
    return this.rounds.waitingFor()
  }

  /** Rejects what is under way, and every later call, with ExchangeError `closed`. */
  close(): void {
    this.rounds.end(new ExchangeError('closed', 'the exchange was closed'))
  }

  private get aggregation(): Aggregation {
    return this.options.aggregation ?? 'all-gather'
  }

  private neighborhood(): Neighborhood {
    const { rank, size, round } = this.rounds
    return neighborhoodOf(this.options.mixing(size, round), rank, size)
  }

  private toSend(arrays: readonly RoundArray[]): FrameArray[] {
    const { float16 = false } = this.options
    return arrays.map(({ kind, values }) => denseArray(kind, values, float16 && kind !== 'evaluation' && kind !== 'state'))
  }
}

/** All of them together, when nothing can go wrong any more. */
function replace(arrays: readonly RoundArray[], results: readonly Message[]): void {
  arrays.forEach(({ kind, values }, a) => {
    values.set(valuesOf({ kind, message: results[a] }))
  })
}

/** A copy: a received array is a view of its whole frame. */
function toRoundArray(array: FrameArray): RoundArray {
  return { kind: array.kind, values: valuesOf(array).slice() }
}
