import { FrontDesk, type Join } from './front-desk.ts'
import type { Membership } from './membership.ts'
import type { MemberList } from './messages.ts'
import type { RoomKey } from './secret.ts'
import type { Registration, Signalling } from './signalling.ts'
import type { RoomState } from './state.ts'

const LIST_WAIT_MS = 1_000
const FIRST_REJOIN_MS = 1_000
const MAX_REJOIN_MS = 30_000
/** Who has founded a room by mistake, while the one that was there before was changing its host, finds out sooner than this. */
const GIVE_WAY_MS = 15_000

export interface EntryOptions {
  signalling: Signalling
  roomKey: RoomKey
  own: Registration
  membership: Membership
  /** what the user calls this page; may be empty */
  name(): string
  /** This page has the front desk: it is host, and in. */
  onHost(): void
  /** The list of a room that has let this page in. */
  onWelcome(list: MemberList): void
  /** The room has sent this page away before. */
  onDismissed(): void
  /** This page has founded a room where there was one. */
  onGiveWay(reason: string): void
  /** Host only: a newcomer's list, or why it stays out. */
  admit(join: Join): MemberList | string
  /** A sentence for the user, or null when all is well. */
  onTrouble(sentence: string | null): void
}

/** How this page comes in, through the front desk: as host where there is none, else as newcomer; again when it has lost the room. */
export class Entry {
  readonly #options: EntryOptions
  readonly #desk: FrontDesk
  #phase: RoomState['phase'] = 'joining'
  /** somebody else's room is at the desk, and this one moves there */
  #merging = false
  #rejoins = 0
  #foundedAtMs = Number.NEGATIVE_INFINITY

  constructor(options: EntryOptions) {
    this.#options = options
    const { signalling, roomKey, own, membership, name, onTrouble } = options
    this.#desk = new FrontDesk({
      signalling,
      roomKey,
      own,
      ticket: () => membership.self.ticket,
      name,
      members: () => (this.joined ? membership.present.length : 1),
      wanted: () => this.#phase !== 'left' && (this.#phase === 'joining' || this.#merging || membership.amHost),
      onHeld: () => this.#onHeld(),
      onTaken: () => this.#desk.seek(),
      onWelcome: (list) => this.#onWelcome(list),
      admit: (join) => this.#admit(join),
      onTrouble,
    })
  }

  get phase(): RoomState['phase'] {
    return this.#phase
  }

  get joined(): boolean {
    return this.#phase === 'joined'
  }

  seekDesk(): void {
    this.#desk.seek()
  }

  releaseDesk(): void {
    this.#desk.release()
  }

  keepAlive(): void {
    this.#desk.keepAlive()
  }

  /** Another room holds the desk: goes there, with everybody who is here. */
  merge(): void {
    this.#merging = true
    this.#desk.seek()
  }

  /** The room is lost: comes again as a newcomer, after longer and longer waits. */
  comeAgain(): void {
    this.#desk.release()
    this.#phase = 'joining'
    this.#merging = false
    setTimeout(() => this.#desk.seek(), Math.min(MAX_REJOIN_MS, FIRST_REJOIN_MS * 2 ** this.#rejoins++))
  }

  /** Everybody is reached: if the room is ever lost, waits begin anew. */
  arrived(): void {
    this.#rejoins = 0
  }

  leave(): void {
    this.#phase = 'left'
    this.#desk.close()
  }

  #onHeld(): void {
    const { membership, name, onHost } = this.#options
    // whoever comes as first of its own list brings the others with it
    if (this.#phase === 'joining' || !membership.amHost) {
      if (this.#phase === 'joining') this.#foundedAtMs = performance.now()
      membership.found(name() || 'Tab 1')
    }
    this.#merging = false
    this.#phase = 'joined'
    onHost()
  }

  #onWelcome(list: MemberList): void {
    const { membership, onDismissed, onWelcome } = this.#options
    if (list.dismissed.includes(membership.self.id)) return onDismissed()
    if (!membership.isIn(list)) {
      setTimeout(() => this.#desk.seek(), LIST_WAIT_MS)
      return
    }
    this.#phase = 'joined'
    this.#merging = false
    onWelcome(list)
  }

  #admit(join: Join): MemberList | string {
    const { membership, onGiveWay, admit } = this.#options
    if (!this.joined || !membership.amHost) return 'it is just moving, try again'
    if (join.members > 1 && this.#isNew) {
      setTimeout(() => this.#isNew && onGiveWay('The room was there already. Joining it.'))
      return 'it gives way to the room that was there before'
    }
    return admit(join)
  }

  /** Founded a moment ago, and nobody has come yet. */
  get #isNew(): boolean {
    const recently = performance.now() - this.#foundedAtMs < GIVE_WAY_MS
    return this.joined && recently && this.#options.membership.present.length === 1
  }
}
