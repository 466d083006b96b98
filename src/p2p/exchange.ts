import type { Communicator, RoundArray, SentBytes } from '../engine/index.ts'
import { framingBytes } from './chunks.ts'
import { mean, weightedSum } from './combine.ts'
import { type DropReason, ExchangeError, notAMember } from './exchange-errors.ts'
import {
  countFrame,
  decodeFrame,
  encodeFrame,
  type Frame,
  type RoundFrame,
  type RoundOperation,
  runHash,
  type SettleFrame,
} from './frame.ts'
import { Inbox, type Slot, slotOf } from './inbox.ts'
import { addBytes, zeroBytes } from './ledger.ts'
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
  /** length of the links' chunks, for the byte count */
  chunkBytes?: number
}

interface Gathering {
  slot: Slot
  missing: Set<PeerId>
  fits(frame: Frame): boolean
  finish(): void
  reject(error: Error): void
}

/**
 * One worker's side of all rounds of a run, over any transport.
 *
 * Rounds are numbered from 0 within a view. A frame that comes early, for a later round or a newer view, waits; one that
 * does not belong is dropped and counted. After a change of view every call is rejected with `viewChanged` until the
 * worker has settled, so that each settles once for each view that it goes on in, wherever the change met it.
 */
export class Exchange implements Communicator {
  /** Received frames that were not used, by reason. */
  readonly dropped: Partial<Record<DropReason, number>> = {}
  private view: View
  private round = 0
  private settled = true
  private gathering: Gathering | null = null
  private ended: ExchangeError | null = null
  private readonly inbox = new Inbox()
  private readonly sent = zeroBytes()
  private readonly runHash: number

  /** Begins to listen at once. Throws ExchangeError when `self` is not in the view. */
  constructor(private readonly options: ExchangeOptions) {
    this.view = options.view
    this.runHash = runHash(options.run)
    if (this.rank < 0) throw notAMember(options.self, options.view)
    options.transport.onMessage((from, message) => this.receive(from, message))
  }

  get rank(): number {
    return this.view.members.indexOf(this.options.self)
  }

  get size(): number {
    return this.view.members.length
  }

  /**
   * One frame with all arrays goes to every j with W_ji != 0; when those of every j with W_ij != 0 are there,
   * v_i = weightedSum over these j and i itself in rank order, and all arrays are replaced together.
   */
  async mix(arrays: RoundArray[]): Promise<void> {
    this.mayStart()
    const { rank, size, round } = this
    const matrix = this.options.mixing(size, round)
    if (matrix.length !== size || matrix.some((row) => row.length !== size))
      throw new ExchangeError('mixing-matrix', `expected a mixing matrix of ${size} x ${size} for round ${round}`)
    const weights = matrix[rank].filter((weight) => weight !== 0)
    return this.exchangeRound(
      'mix',
      arrays,
      (j) => matrix[j][rank] !== 0,
      (j) => matrix[rank][j] !== 0,
      (vectors) => weightedSum(vectors, weights),
    )
  }

  /** Everybody's arrays go to everybody; v_i = mean over all ranks in order, the same bits on every member. */
  async average(arrays: RoundArray[]): Promise<void> {
    this.mayStart()
    const everybody = () => true
    return this.exchangeRound('average', arrays, everybody, everybody, mean)
  }

  /**
   * Each member tells its step count to all others of the view; resolves with the largest when all have come. Rejects
   * with `viewChanged` when the view changes again meanwhile: then settle once more.
   */
  async settle(step: number): Promise<number> {
    this.mayStart({ toSettle: true })
    const own: SettleFrame = { type: 'settle', run: this.runHash, view: this.view.number, step }
    this.send(this.view.members, own)
    const isSettle = (frame: Frame): frame is SettleFrame => frame.type === 'settle'
    return this.gather(own, this.view.members, isSettle, (frames) => {
      this.settled = true
      return Math.max(...frames.map((frame) => frame.step))
    })
  }

  /**
   * Goes on in a newer view (others are ignored): rejects the round under way, restarts the round numbers, keeps
   * what members of the new view have already sent in it. Without this worker in it, the exchange ends.
   */
  changeView(view: View): void {
    if (this.ended || view.number <= this.view.number) return
    this.view = view
    this.round = 0
    this.settled = false
    if (this.rank < 0) {
      this.end(notAMember(this.options.self, view))
      return
    }
    this.forget('old-view', (_, frame) => frame.view < view.number)
    this.forget('not-a-member', (from, frame) => frame.view === view.number && !view.members.includes(from))
    const { gathering } = this
    this.gathering = null
    gathering?.reject(this.options.viewChanged(view.number))
  }

  /** Bytes handed to the transport, counted as the links count them. */
  sentBytes(): SentBytes {
    return { ...this.sent }
  }

  /** Members whose frames the round under way still lacks, in rank order. */
  waitingFor(): PeerId[] {
    return [...(this.gathering?.missing ?? [])]
  }

  /** Rejects what is under way, and every later call, with ExchangeError `closed`. */
  close(): void {
    this.end(new ExchangeError('closed', 'the exchange was closed'))
  }

  private end(error: ExchangeError): void {
    if (this.ended) return
    this.ended = error
    this.inbox.forget(() => true)
    const { gathering } = this
    this.gathering = null
    gathering?.reject(error)
  }

  private mayStart({ toSettle = false } = {}): void {
    if (this.ended) throw this.ended
    if (this.gathering) throw new ExchangeError('busy', 'a round is under way; await it before the next call')
    if (!toSettle && !this.settled) throw this.options.viewChanged(this.view.number)
    if (toSettle && this.settled)
      throw new ExchangeError('nothing-to-settle', `view ${this.view.number} is settled; settle only after the view changed`)
  }

  private exchangeRound(
    operation: RoundOperation,
    arrays: RoundArray[],
    isTarget: (rank: number) => boolean,
    isSource: (rank: number) => boolean,
    combine: (vectors: Float32Array[]) => Float32Array,
  ): Promise<void> {
    const { round } = this
    const { number: view, members } = this.view
    const own: RoundFrame = { type: 'round', run: this.runHash, view, round, operation, arrays }
    const sources = members.filter((_, j) => isSource(j))
    const fits = (frame: Frame): frame is RoundFrame => frame.type === 'round' && sameShape(frame, own)
    this.send(
      members.filter((_, j) => isTarget(j)),
      own,
    )
    return this.gather(own, sources, fits, (frames) => {
      const results = arrays.map((_, a) => combine(frames.map((frame) => frame.arrays[a].values)))
      for (const [a, { values }] of arrays.entries()) values.set(results[a])
      this.round = round + 1
    })
  }

  /** Encodes once; every receiver gets a buffer of its own, since sending gives it away. */
  private send(members: PeerId[], frame: Frame): void {
    const message = encodeFrame(frame)
    for (const to of members) {
      if (to === this.options.self) continue
      addBytes(this.sent, countFrame(message, framingBytes(message.byteLength, this.options.chunkBytes)))
      this.options.transport.send(to, message.slice(0))
    }
  }

  /** Waits for the frame of every source, then calls `finish` at once, before anything else can happen, with all of them in the given order. */
  private gather<F extends Frame, T>(
    own: F,
    sources: PeerId[],
    fits: (frame: Frame) => frame is F,
    finish: (frames: F[]) => T,
  ): Promise<T> {
    const { self } = this.options
    const { view } = own
    const slot = slotOf(own)
    return new Promise((resolve, reject) => {
      this.gathering = {
        slot,
        missing: new Set(sources.filter((peer) => peer !== self)),
        fits,
        reject,
        finish: () => {
          this.gathering = null
          const frames = sources
            .map((peer) => (peer === self ? own : this.inbox.take(peer, view, slot)))
            .filter((frame) => frame !== undefined)
          resolve(finish(frames.filter(fits)))
          this.forget('unexpected', (_, frame) => frame.view === view && slotOf(frame) === slot)
        },
      }
      for (const peer of sources) this.consider(peer)
      this.finishIfComplete()
    })
  }

  private receive(from: PeerId, message: ArrayBuffer): void {
    if (this.ended) return
    const decoded = decodeFrame(message)
    const reason = decoded.ok ? this.keep(from, decoded.frame, message.byteLength) : 'corrupt'
    if (reason) {
      this.drop(reason)
      return
    }
    this.consider(from)
    this.finishIfComplete()
  }

  private keep(from: PeerId, frame: Frame, bytes: number): DropReason | null {
    // Where nobody needs an answer, as on a directed ring, a peer may be a round ahead for each member in between.
    return this.reasonToDrop(from, frame) ?? this.inbox.put(from, frame, bytes, 2 * this.size + 4)
  }

  private reasonToDrop(from: PeerId, frame: Frame): DropReason | null {
    if (frame.run !== this.runHash) return 'other-run'
    if (frame.view < this.view.number) return 'old-view'
    // Others may learn of a newer view first: whether the sender is in it shows later.
    if (frame.view > this.view.number) return null
    if (from === this.options.self || !this.view.members.includes(from)) return 'not-a-member'
    if (frame.type === 'settle') return this.settled ? 'unexpected' : null
    return frame.round < this.round ? 'old-round' : null
  }

  /** Ticks off a peer whose frame for the round under way has come, or drops the frame when it does not fit. */
  private consider(peer: PeerId): void {
    const { gathering, view } = this
    const frame = gathering?.missing.has(peer) && this.inbox.get(peer, view.number, gathering.slot)
    if (!gathering || !frame) return
    if (gathering.fits(frame)) {
      gathering.missing.delete(peer)
      return
    }
    this.inbox.take(peer, view.number, gathering.slot)
    this.drop('mismatch')
  }

  private finishIfComplete(): void {
    if (this.gathering?.missing.size === 0) this.gathering.finish()
  }

  private forget(reason: DropReason, test: (from: PeerId, frame: Frame) => boolean): void {
    const forgotten = this.inbox.forget(test)
    if (forgotten > 0) this.drop(reason, forgotten)
  }

  private drop(reason: DropReason, frames = 1): void {
    this.dropped[reason] = (this.dropped[reason] ?? 0) + frames
  }
}

function sameShape(a: RoundFrame, b: RoundFrame): boolean {
  return (
    a.operation === b.operation &&
    a.arrays.length === b.arrays.length &&
    a.arrays.every(({ kind, values }, i) => kind === b.arrays[i].kind && values.length === b.arrays[i].values.length)
  )
}
