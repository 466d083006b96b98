import type { RoundTimes } from '../engine/index.ts'
import { type DropReason, ExchangeError, notAMember } from './exchange-errors.ts'
import { type Frame, type RoundFrame, runHash, type SettleFrame } from './frame.ts'
import type { RoundOperation } from './frame-layout.ts'
import { Outbox } from './outbox.ts'
import { Reception } from './reception.ts'
import { fitsPhase, type Round } from './round.ts'
import type { PeerId, Transport, View } from './types.ts'

export interface RoundsOptions {
  run: string
  self: PeerId
  view: View
  transport: Transport
  viewChanged(view: number): Error
  chunkBytes?: number
}

/**
 * One worker's calls, one after the other: each is a round of one or more phases, or the settling of a new view. A change of view, or the
 * end, rejects the call under way wherever it is; a round counts only when all its phases are through.
 */
export class Rounds {
  readonly outbox: Outbox
  private readonly reception: Reception
  private readonly runHash: number
  /** the call under way; `failure` is why it must not go on */
  private current: { failure: Error | null } | null = null
  private ended: ExchangeError | null = null
  private waitMs = 0

  /** Begins to listen at once. Throws ExchangeError when `self` is not in the view. */
  constructor(private readonly options: RoundsOptions) {
    const { self, view, transport } = options
    this.runHash = runHash(options.run)
    this.outbox = new Outbox(transport, options.chunkBytes)
    this.reception = new Reception({ self, run: this.runHash, view, onWaited: (messages) => transport.waited?.(messages) })
    if (this.rank < 0) throw notAMember(self, view)
    transport.onMessage((from, message) => {
      if (!this.ended) this.reception.receive(from, message)
    })
  }

  get rank(): number {
    return this.reception.view.members.indexOf(this.options.self)
  }

  get size(): number {
    return this.reception.view.members.length
  }

  /** number of the round under way, or next, within the view */
  get round(): number {
    return this.reception.round
  }

  get settled(): boolean {
    return this.reception.settled
  }

  get dropped(): Partial<Record<DropReason, number>> {
    return this.reception.dropped
  }

  /** Milliseconds of all rounds: frames that come during a wait are read in it, which is no waiting. */
  times(): RoundTimes {
    return { sendMs: this.outbox.sendMs, waitMs: this.waitMs }
  }

  /** Members whose frames the call under way still lacks, in rank order. */
  waitingFor(): PeerId[] {
    return this.reception.missing()
  }

  /** Runs one communication round. */
  perform<T>(operation: RoundOperation, work: (round: Round) => Promise<T>): Promise<T> {
    return this.exclusively(false, async (mayGoOn) => {
      const result = await work(this.startRound(operation, mayGoOn))
      mayGoOn()
      this.reception.endRound()
      return result
    })
  }

  /** The largest step count of all members of a new view. */
  settle(step: number): Promise<number> {
    return this.exclusively(true, async (mayGoOn) => {
      const { number: view, members } = this.reception.view
      const others = members.filter((peer) => peer !== this.options.self)
      this.outbox.send(others, { type: 'settle', run: this.runHash, view, step })
      const isSettle = (frame: Frame): frame is SettleFrame => frame.type === 'settle'
      const frames = await this.reception.wait('settle', others, isSettle)
      mayGoOn()
      this.reception.endSettling()
      return Math.max(step, ...frames.map((frame) => frame.step))
    })
  }

  changeView(view: View): void {
    if (this.ended || view.number <= this.reception.view.number) return
    this.reception.changeView(view)
    if (this.rank < 0) this.end(notAMember(this.options.self, view))
    else this.interrupt(this.options.viewChanged(view.number))
  }

  /** Rejects the call under way, and every later one. */
  end(error: ExchangeError): void {
    if (this.ended) return
    this.ended = error
    this.reception.clear()
    this.interrupt(error)
  }

  private interrupt(error: Error): void {
    if (this.current) this.current.failure = error
    this.current = null
    this.reception.interrupt(error)
  }

  private startRound(operation: RoundOperation, mayGoOn: () => void): Round {
    const { rank, size, runHash: run } = this
    const { view, round } = this.reception
    let phases = 0
    return {
      rank,
      size,
      exchange: async ({ send, from, expect }) => {
        mayGoOn()
        const phase = phases++
        const { members, number } = view
        this.outbox.sendEach(members, rank, send, (arrays) => ({ type: 'round', run, view: number, round, phase, operation, arrays }))
        const fits = (frame: Frame): frame is RoundFrame => fitsPhase(frame, operation, expect)
        const sources = from.map((j) => members[j])
        const start = performance.now() - this.reception.decodeMs
        const frames = await this.reception.wait(`${round}.${phase}`, sources, fits)
        this.waitMs += performance.now() - this.reception.decodeMs - start
        mayGoOn()
        return new Map(frames.map(({ arrays }, k) => [from[k], arrays]))
      },
    }
  }

  /** One call at a time. Passes on a check that throws when the view has changed, or the end come, since the call began. */
  private async exclusively<T>(toSettle: boolean, work: (mayGoOn: () => void) => Promise<T>): Promise<T> {
    if (this.ended) throw this.ended
    if (this.current) throw new ExchangeError('busy', 'a round is under way; await it before the next call')
    const { settled, view } = this.reception
    if (!toSettle && !settled) throw this.options.viewChanged(view.number)
    if (toSettle && settled)
      throw new ExchangeError('nothing-to-settle', `view ${view.number} is settled; settle only after the view changed`)
    const call: { failure: Error | null } = { failure: null }
    this.current = call
    try {
      return await work(() => {
        if (call.failure) throw call.failure
      })
    } finally {
      if (this.current === call) this.current = null
    }
  }
}
