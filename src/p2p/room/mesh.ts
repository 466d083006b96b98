import type { PeerId } from '../types.ts'
import type { RoomMessage } from './messages.ts'
import { type Drops, Session } from './session.ts'
import type { Connection, Registration } from './signalling.ts'

const PING_EVERY_MS = 2_000
/** A member that says nothing for so long is dropped: with ticks every second a vanished one is gone within 10 s. */
export const SILENCE_LIMIT_MS = 8_000
const MAX_ARRIVING = 32
/** Two channels to one peer that open closer together than this were dialed by both sides at once. */
const GLARE_MS = 3_000

export interface MeshHandlers {
  /** A channel to this peer is open and proved. */
  onUp(session: Session): void
  /** The channel is gone, or never opened (`ticket` null). The reason goes into a sentence. */
  onDown(peer: PeerId, ticket: string | null, reason: string): void
  onMessage(session: Session, message: RoomMessage): void
  onFrame(session: Session, message: ArrayBuffer): void
}

export interface MeshOptions {
  own(): Registration
  key: Uint8Array
  ticket(): string
  handlers: MeshHandlers
}

/** The channels of this page: at most one to each peer, kept alive by heartbeats. */
export class Mesh {
  readonly #options: MeshOptions
  #links = new Map<PeerId, Session>()
  #arriving = new Set<Session>()
  #ended: Drops = { malformed: 0, oversized: 0, unexpected: 0 }
  #pingedAtMs = Number.NEGATIVE_INFINITY

  constructor(options: MeshOptions) {
    this.#options = options
  }

  get(peer: PeerId): Session | undefined {
    return this.#links.get(peer)
  }

  get open(): Session[] {
    return [...this.#links.values()].filter((session) => session.isOpen)
  }

  /** Control messages dropped since the start, by why. */
  get drops(): Drops {
    const sum = { ...this.#ended }
    for (const session of this.#links.values()) addDrops(sum, session.drops)
    return sum
  }

  /** Opens a channel unless there is one, or one on its way. */
  dial(peer: PeerId): void {
    if (!this.#links.has(peer)) this.#links.set(peer, this.#session(this.#options.own().dial(peer), true))
  }

  /** Somebody dials this page. */
  receive(connection: Connection): void {
    if (this.#arriving.size >= MAX_ARRIVING) return connection.close()
    this.#arriving.add(this.#session(connection, false))
  }

  send(peer: PeerId, message: RoomMessage): void {
    this.#links.get(peer)?.send(message)
  }

  broadcast(message: RoomMessage): void {
    for (const session of this.open) session.send(message)
  }

  /** Closes the channel to a peer; `onDown` is not called. */
  end(peer: PeerId): void {
    const session = this.#links.get(peer)
    if (session) this.#forget(session)
    session?.close()
  }

  closeAll(): void {
    for (const session of [...this.#links.values(), ...this.#arriving]) {
      session.close()
      this.#forget(session)
    }
  }

  /** Pings, and drops who is silent. `stalled`: this page itself slept, so silence proves nothing yet. */
  tick(nowMs: number, stalled: boolean): void {
    const pingDue = nowMs - this.#pingedAtMs >= PING_EVERY_MS - 100
    if (pingDue) this.#pingedAtMs = nowMs
    for (const session of this.open) {
      if (stalled) session.heardAtMs = nowMs
      session.expire()
      if (nowMs - session.heardAtMs >= SILENCE_LIMIT_MS) {
        this.end(session.peer)
        this.#options.handlers.onDown(session.peer, session.ticket, `it was silent for ${SILENCE_LIMIT_MS / 1000} s`)
      } else if (pingDue) session.send({ type: 'ping', at: nowMs })
    }
  }

  #session(connection: Connection, outgoing: boolean): Session {
    const { key, ticket, handlers, own } = this.#options
    return new Session(connection, {
      self: own().id,
      key,
      ticket: ticket(),
      outgoing,
      handlers: {
        onOpen: (session) => this.#opened(session),
        onMessage: handlers.onMessage,
        onFrame: handlers.onFrame,
        onEnd: (session, reason) => {
          const current = this.#links.get(session.peer) === session
          this.#forget(session)
          if (current) handlers.onDown(session.peer, session.ticket, reason)
        },
      },
    })
  }

  #opened(session: Session): void {
    const { own, handlers } = this.#options
    this.#arriving.delete(session)
    const other = this.#links.get(session.peer)
    if (other && other !== session) {
      const glare = other.outgoing !== session.outgoing && session.openedAtMs - Math.min(other.openedAtMs, session.openedAtMs) < GLARE_MS
      // both sides keep the channel that the smaller id dialed
      if (glare && session.outgoing !== own().id < session.peer) return session.close()
      this.end(other.peer)
      if (other.ticket !== null && other.ticket !== session.ticket) handlers.onDown(other.peer, other.ticket, 'it was opened anew')
    }
    this.#links.set(session.peer, session)
    handlers.onUp(session)
  }

  #forget(session: Session): void {
    this.#arriving.delete(session)
    if (this.#links.get(session.peer) !== session) return
    this.#links.delete(session.peer)
    addDrops(this.#ended, session.drops)
  }
}

function addDrops(sum: Drops, drops: Drops): void {
  for (const why of Object.keys(sum) as (keyof Drops)[]) sum[why] += drops[why]
}
