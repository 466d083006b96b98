import type { PeerId } from '../types.ts'
import type { MemberList, RoomMessage } from './messages.ts'
import type { RoomKey } from './secret.ts'
import { Session } from './session.ts'
import type { Connection, Registration, Signalling } from './signalling.ts'

const CLAIM_TIMEOUT_MS = 5_000
/** A host that is gone without a word holds its id until the signalling server notices; asking must not take long then. */
const ASK_TIMEOUT_MS = 5_000
const VISIT_TIMEOUT_MS = 10_000
const MAX_VISITORS = 32
const FIRST_BACKOFF_MS = 200
const MAX_BACKOFF_MS = 4_000

/** A newcomer, or a room that was cut off from its desk. */
export interface Join {
  peer: PeerId
  name: string
  ticket: string
  /** how many it brings along, itself included */
  members: number
}

export interface FrontDeskOptions {
  signalling: Signalling
  roomKey: RoomKey
  /** this page's own id on the signalling server */
  own: Registration
  ticket(): string
  name(): string
  /** how many this page brings along, itself included */
  members(): number
  /** whether this page still looks for the desk */
  wanted(): boolean
  /** this page is the one whom newcomers find */
  onHeld(): void
  /** another page was faster while the signalling server was out of reach */
  onTaken(): void
  /** the list of the room whose host holds the desk; this page is in it */
  onWelcome(list: MemberList): void
  /** a newcomer asks: the list with it, or why not */
  admit(join: Join): MemberList | string
  /** a sentence for the user, or null when all is well */
  onTrouble(sentence: string | null): void
}

/**
 * How a room is found: its host holds a second, well-known id on the signalling server. Whoever looks for the room tries to take that
 * id; who gets it is host, and the others ask there for the list of members. The server gives an id to one page only, so two
 * pages that come at once cannot both found a room.
 */
export class FrontDesk {
  readonly #options: FrontDeskOptions
  #registration: Registration | null = null
  #seeking = false
  #closed = false
  #visitors = new Set<Session>()

  constructor(options: FrontDeskOptions) {
    this.#options = options
  }

  get held(): boolean {
    return this.#registration !== null
  }

  /** Tries until held, welcomed or no longer wanted. */
  seek(): void {
    if (this.#seeking || this.held || this.#closed) return
    this.#seeking = true
    void this.#seek().finally(() => {
      this.#seeking = false
      this.#options.onTrouble(null)
    })
  }

  /** Gives the desk up, if held; it can be sought again. */
  release(): void {
    for (const visitor of this.#visitors) visitor.close()
    this.#visitors.clear()
    this.#registration?.close()
    this.#registration = null
  }

  close(): void {
    this.#closed = true
    this.release()
  }

  keepAlive(): void {
    this.#registration?.keepAlive()
  }

  get #wanted(): boolean {
    return !this.#closed && this.#options.wanted()
  }

  async #seek(): Promise<void> {
    const { onHeld, onWelcome } = this.#options
    for (let attempt = 0; this.#wanted; attempt++) {
      const claim = await this.#claim()
      if (claim === 'held') {
        if (!this.#wanted) return this.release()
        return onHeld()
      }
      if (claim === 'taken') {
        const list = await this.#ask()
        if (!this.#wanted) return
        if (list) return onWelcome(list)
      }
      // two pages that were equally fast must not stay in step
      await sleep(Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt) * (0.5 + Math.random()))
    }
  }

  #claim(): Promise<'held' | 'taken' | 'unreachable'> {
    return new Promise((resolve) => {
      let settled = false
      const settle = (outcome: 'held' | 'taken' | 'unreachable') => {
        settled = true
        clearTimeout(deadline)
        if (outcome === 'held') this.#registration = registration
        else registration.close()
        resolve(outcome)
      }
      const registration = this.#options.signalling.register(this.#options.roomKey.frontDesk, {
        onState: (state) => {
          if (!settled && state !== 'lost') settle(state === 'connected' ? 'held' : 'taken')
          else if (state === 'taken' && this.#registration === registration) {
            this.release()
            this.#options.onTaken()
          }
        },
        onConnection: (connection) => this.#receive(connection),
      })
      const deadline = setTimeout(() => {
        if (!settled) settle('unreachable')
      }, CLAIM_TIMEOUT_MS)
    })
  }

  #ask(): Promise<MemberList | null> {
    const { own, roomKey, ticket, name, members, onTrouble } = this.#options
    return new Promise((resolve) => {
      const settle = (list: MemberList | null, sentence: string | null) => {
        clearTimeout(deadline)
        session.close()
        onTrouble(sentence)
        resolve(list)
      }
      const silent =
        'The front desk of this room does not answer. Nobody new can join until the signalling server has noticed the loss of its host; trying again.'
      const session = new Session(own.dial(roomKey.frontDesk), {
        self: own.id,
        key: roomKey.key,
        ticket: ticket(),
        outgoing: true,
        handlers: {
          onOpen: () => session.send({ type: 'join', name: name(), ticket: ticket(), members: members() }),
          onMessage: (_, message) => {
            if (message.type === 'welcome') settle(message.list, null)
            else if (message.type === 'refused') settle(null, `The host of this room lets nobody in: ${message.reason}.`)
          },
          onFrame: () => {},
          onEnd: () => settle(null, silent),
        },
      })
      const deadline = setTimeout(() => settle(null, silent), ASK_TIMEOUT_MS)
    })
  }

  /** Somebody stands at the desk. */
  #receive(connection: Connection): void {
    if (this.#visitors.size >= MAX_VISITORS) return connection.close()
    const leave = () => {
      clearTimeout(deadline)
      session.close()
      this.#visitors.delete(session)
    }
    const session = new Session(connection, {
      self: this.#options.roomKey.frontDesk,
      key: this.#options.roomKey.key,
      ticket: this.#options.ticket(),
      outgoing: false,
      handlers: { onOpen: () => {}, onMessage: (visitor, message) => this.#answer(visitor, message), onFrame: leave, onEnd: leave },
    })
    const deadline = setTimeout(leave, VISIT_TIMEOUT_MS)
    this.#visitors.add(session)
  }

  #answer(visitor: Session, message: RoomMessage): void {
    if (message.type !== 'join' || message.ticket !== visitor.ticket) return
    const { name, ticket, members } = message
    const answer = this.#options.admit({ peer: visitor.peer, name, ticket, members })
    visitor.send(typeof answer === 'string' ? { type: 'refused', reason: answer } : { type: 'welcome', list: answer })
  }
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
