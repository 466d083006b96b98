import type { LinkCounts } from '../ledger.ts'
import { Link, type LinkChannel } from '../link.ts'
import type { PeerId } from '../types.ts'
import { decodeMessage, encodeMessage, MAX_CONTROL_BYTES, MAX_HELLO_BYTES, ROOM_PROTOCOL, type RoomMessage } from './messages.ts'
import { proofOf, randomHex } from './secret.ts'
import type { ChannelBytes, Connection } from './signalling.ts'

/** From dialing to a verified proof. */
const OPENING_TIMEOUT_MS = 10_000

export interface SessionHandlers {
  /** Both sides have proved that they know the secret. */
  onOpen(session: Session): void
  onMessage(session: Session, message: RoomMessage): void
  onFrame(session: Session, message: ArrayBuffer): void
  /** Not called after `close`. */
  onEnd(session: Session, reason: string): void
}

export interface SessionOptions {
  /** the id that the other side dialed or was dialed from */
  self: PeerId
  key: Uint8Array
  /** this page's stay in the room */
  ticket: string
  outgoing: boolean
  handlers: SessionHandlers
}

/** Messages that were dropped, by why. */
export interface Drops {
  malformed: number
  oversized: number
  unexpected: number
}

/**
 * One channel to one peer. It says hello, asks the other side to prove that it knows the room's secret and proves it itself, and
 * hands nothing on before. The sender of everything is the channel it came through.
 */
export class Session {
  readonly peer: PeerId
  readonly outgoing: boolean
  readonly drops: Drops = { malformed: 0, oversized: 0, unexpected: 0 }
  /** the other side's stay in the room; null until it is proved */
  ticket: string | null = null
  heardAtMs = performance.now()
  openedAtMs = Number.POSITIVE_INFINITY
  rttMs: number | null = null
  #state: 'opening' | 'open' | 'ended' = 'opening'
  #link: Link | null = null
  readonly #nonce = randomHex(16)
  #theirNonce: string | null = null
  readonly #connection: Connection
  readonly #options: SessionOptions
  readonly #deadline: ReturnType<typeof setTimeout>

  constructor(connection: Connection, options: SessionOptions) {
    this.peer = connection.peer
    this.outgoing = options.outgoing
    this.#connection = connection
    this.#options = options
    this.#deadline = setTimeout(() => this.#end('it did not answer in time'), OPENING_TIMEOUT_MS)
    connection.listen({
      onOpen: (channel) => this.#start(channel),
      onData: (data) => this.#link?.receive(data),
      onClose: (reason) => this.#end(reason),
    })
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  get counts(): LinkCounts | null {
    return this.#link?.counts ?? null
  }

  /** What the browser counts on this channel. */
  measure(): Promise<ChannelBytes | null> {
    return this.#connection.measure()
  }

  /** Does nothing unless open. Throws RangeError when the message is too large. */
  send(message: RoomMessage): void {
    if (this.#state === 'open') this.#link?.send('control', encodeMessage(message))
  }

  /** Takes ownership of the buffer. Does nothing unless open. */
  sendFrame(message: ArrayBuffer): void {
    if (this.#state === 'open') this.#link?.send('frame', message)
  }

  /** Gives up a message that stopped halfway; to be called now and then. */
  expire(): void {
    this.#link?.expire()
  }

  /** Ends it from this side, silently. */
  close(): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    clearTimeout(this.#deadline)
    this.#link?.close()
    this.#connection.close()
  }

  #end(reason: string): void {
    if (this.#state === 'ended') return
    this.close()
    this.#options.handlers.onEnd(this, reason)
  }

  #start(channel: LinkChannel): void {
    if (this.#state !== 'opening' || this.#link) return
    this.#link = new Link(channel, {
      onMessage: (kind, message) => (kind === 'frame' ? this.#onFrame(message) : this.#onControl(message)),
      onError: (error) => this.#end(error.message),
    })
    this.#say({ type: 'hello', protocol: ROOM_PROTOCOL, nonce: this.#nonce })
  }

  #say(message: RoomMessage): void {
    this.#link?.send('control', encodeMessage(message))
  }

  #onFrame(message: ArrayBuffer): void {
    if (this.#state === 'opening') this.#end('it sent data before proving that it knows the secret of the room')
    if (this.#state !== 'open') return
    this.heardAtMs = performance.now()
    this.#options.handlers.onFrame(this, message)
  }

  #onControl(data: ArrayBuffer): void {
    if (this.#state === 'ended') return
    const message = decodeMessage(data, this.#state === 'open' ? MAX_CONTROL_BYTES : MAX_HELLO_BYTES)
    if (this.#state === 'opening') {
      if (typeof message === 'string') this.#end('it sent something else than a hello')
      else this.#onHandshake(message)
      return
    }
    this.heardAtMs = performance.now()
    if (typeof message === 'string') this.drops[message]++
    else if (message.type === 'hello' || message.type === 'proof') this.drops.unexpected++
    else if (message.type === 'ping') this.send({ type: 'pong', at: message.at })
    else if (message.type === 'pong') this.rttMs = Math.max(0, performance.now() - message.at)
    else this.#options.handlers.onMessage(this, message)
  }

  #onHandshake(message: RoomMessage): void {
    const { self, key, ticket } = this.#options
    if (message.type === 'hello' && this.#theirNonce === null) {
      if (message.protocol !== ROOM_PROTOCOL) return this.#end('it runs another version of Tabswarm: reload all tabs')
      this.#theirNonce = message.nonce
      const mac = proofOf(key, { prover: self, verifier: this.peer, ticket, proverNonce: this.#nonce, verifierNonce: message.nonce })
      this.#say({ type: 'proof', ticket, mac })
    } else if (message.type === 'proof' && this.#theirNonce !== null) {
      const expected = proofOf(key, {
        prover: this.peer,
        verifier: self,
        ticket: message.ticket,
        proverNonce: this.#theirNonce,
        verifierNonce: this.#nonce,
      })
      if (message.mac !== expected) return this.#end('it does not know the secret of this room')
      clearTimeout(this.#deadline)
      this.ticket = message.ticket
      this.#state = 'open'
      this.heardAtMs = this.openedAtMs = performance.now()
      this.#options.handlers.onOpen(this)
    } else this.#end('it spoke out of turn')
  }
}
