import type { DropReason } from './exchange-errors.ts'
import { type DecodedFrame, decodeFrame, type Frame } from './frame.ts'
import { type Arrived, Inbox, type Slot } from './inbox.ts'
import type { PeerId, View } from './types.ts'

/** In memory one buffer reaches many workers of this process, which only read it: it is decoded once. */
const decodedOnce = new WeakMap<ArrayBuffer, DecodedFrame>()

interface Gathering {
  slot: Slot
  missing: Set<PeerId>
  fits(frame: Frame): boolean
  finish(): void
  reject(error: Error): void
}

export interface ReceptionOptions {
  self: PeerId
  /** runHash of the run's id */
  run: number
  view: View
  /** Told which messages a wait that is over needed. */
  onWaited(messages: readonly ArrayBuffer[]): void
}

/**
 * Takes in a worker's frames: keeps those that come early, for a later round or a newer view, drops and counts what does not belong, and
 * waits for those of one slot at a time.
 */
export class Reception {
  /** Received frames that were not used, by reason. */
  readonly dropped: Partial<Record<DropReason, number>> = {}
  view: View
  /** the number of the communication round under way, or next, in this view */
  round = 0
  /** false while the members of this view have still to settle */
  settled = true
  /** milliseconds in which frames were decoded */
  decodeMs = 0
  private gathering: Gathering | null = null
  private readonly inbox = new Inbox()

  constructor(private readonly options: ReceptionOptions) {
    this.view = options.view
  }

  receive(from: PeerId, message: ArrayBuffer): void {
    const start = performance.now()
    const decoded = decodedOnce.get(message) ?? decodeFrame(message)
    this.decodeMs += performance.now() - start
    decodedOnce.set(message, decoded)
    const reason = decoded.ok ? this.keep({ from, frame: decoded.frame, message }) : 'corrupt'
    if (reason) {
      this.drop(reason)
      return
    }
    this.consider(from)
    this.finishIfComplete()
  }

  /** The frames of all sources, in their order, as soon as they are there. One wait at a time; `sources` are never this worker itself. */
  wait<F extends Frame>(slot: Slot, sources: readonly PeerId[], fits: (frame: Frame) => frame is F): Promise<F[]> {
    const { number: view } = this.view
    return new Promise((resolve, reject) => {
      this.gathering = {
        slot,
        missing: new Set(sources),
        fits,
        reject,
        finish: () => {
          this.gathering = null
          const arrived = sources.map((peer) => this.inbox.take(peer, view, slot)).filter((kept) => kept !== undefined)
          this.options.onWaited(arrived.map(({ message }) => message))
          resolve(arrived.map(({ frame }) => frame).filter(fits))
        },
      }
      for (const peer of sources) this.consider(peer)
      this.finishIfComplete()
    })
  }

  /** Members whose frames the wait under way still lacks, in rank order. */
  missing(): PeerId[] {
    return [...(this.gathering?.missing ?? [])]
  }

  /** Goes on to the next round; what of this one was never asked for is dropped. */
  endRound(): void {
    const { view, round } = this
    this.round++
    this.forget('unexpected', (_, frame) => frame.type === 'round' && frame.view === view.number && frame.round <= round)
  }

  endSettling(): void {
    this.settled = true
    this.forget('unexpected', (_, frame) => frame.type === 'settle' && frame.view === this.view.number)
  }

  /** Restarts the round numbers in a newer view and keeps what its members have already sent in it. */
  changeView(view: View): void {
    this.view = view
    this.round = 0
    this.settled = false
    this.forget('old-view', (_, frame) => frame.view < view.number)
    this.forget('not-a-member', (from, frame) => frame.view === view.number && !view.members.includes(from))
  }

  /** Gives up the wait under way. */
  interrupt(error: Error): void {
    const { gathering } = this
    this.gathering = null
    gathering?.reject(error)
  }

  clear(): void {
    this.inbox.forget(() => true)
  }

  private keep(arrived: Arrived): DropReason | null {
    // Where nobody needs an answer, as on a directed ring, a peer may be a round ahead for each member in between.
    return this.reasonToDrop(arrived) ?? this.inbox.put(arrived, 2 * this.view.members.length + 4)
  }

  private reasonToDrop({ from, frame }: Arrived): DropReason | null {
    if (frame.run !== this.options.run) return 'other-run'
    if (frame.view < this.view.number) return 'old-view'
    // Others may learn of a newer view first: whether the sender is in it shows later.
    if (frame.view > this.view.number) return null
    if (from === this.options.self || !this.view.members.includes(from)) return 'not-a-member'
    if (frame.type === 'settle') return this.settled ? 'unexpected' : null
    return frame.round < this.round ? 'old-round' : null
  }

  /** Ticks off a peer whose frame for the wait under way has come, or drops the frame when it does not fit. */
  private consider(peer: PeerId): void {
    const { gathering, view } = this
    const arrived = gathering?.missing.has(peer) && this.inbox.get(peer, view.number, gathering.slot)
    if (!gathering || !arrived) return
    if (gathering.fits(arrived.frame)) {
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
