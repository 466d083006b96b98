import type { LinkChannel } from '../link.ts'
import type { PeerId } from '../types.ts'
import type { ChannelBytes, Connection, ConnectionHandlers, Registration, RegistrationHandlers, Signalling } from './signalling.ts'

export interface FakePage extends Signalling {
  close(): void
  vanish(): void
  /** ends that */
  appear(): void
}

/** A signalling server and channels in memory, with random delays, for tests. Order within a channel is kept. */
export class FakeNetwork {
  #ids = new Map<PeerId, FakeRegistration>()
  #pairs: [PeerId, PeerId][] = []
  serverDown = false

  constructor(readonly delayMs: () => number = () => 1) {}

  /** What one page uses. `close`: its channels and ids are closed without a word. `vanish`: not even that. */
  page(): FakePage {
    const registrations: FakeRegistration[] = []
    const page = { silent: false }
    return {
      register: (id, handlers) => {
        const registration = new FakeRegistration(this, id, handlers, page)
        registrations.push(registration)
        this.later(() => registration.claim())
        return registration
      },
      vanish: () => {
        page.silent = true
      },
      appear: () => {
        page.silent = false
      },
      close: () => {
        for (const registration of registrations) registration.close()
        page.silent = true
      },
    }
  }

  /** The server forgets ids of pages that vanished. */
  expire(): void {
    for (const [id, registration] of this.#ids) if (registration.page.silent) this.#ids.delete(id)
  }

  /** The server starts anew: it knows nobody, and everybody has to come back. */
  restart(): void {
    for (const registration of [...this.#ids.values()]) registration.drop()
  }

  /** These two pages cannot reach each other from now on: new channels fail. */
  cut(a: PeerId, b: PeerId): void {
    this.#pairs.push([a, b])
  }

  isCut(a: PeerId, b: PeerId): boolean {
    return this.#pairs.some(([x, y]) => (x === a && y === b) || (x === b && y === a))
  }

  later(action: () => void): void {
    setTimeout(action, this.delayMs())
  }

  take(registration: FakeRegistration): boolean {
    const holder = this.#ids.get(registration.id)
    if (holder && holder !== registration) return false
    this.#ids.set(registration.id, registration)
    return true
  }

  give(registration: FakeRegistration): void {
    if (this.#ids.get(registration.id) === registration) this.#ids.delete(registration.id)
  }

  find(id: PeerId): FakeRegistration | undefined {
    return this.#ids.get(id)
  }
}

class FakeRegistration implements Registration {
  closed = false
  connections = new Set<FakeConnection>()
  #told: string | null = null

  constructor(
    readonly network: FakeNetwork,
    readonly id: PeerId,
    readonly handlers: RegistrationHandlers,
    readonly page: { silent: boolean },
  ) {}

  claim(): void {
    if (this.closed || this.page.silent) return
    const state = this.network.serverDown ? 'lost' : this.network.take(this) ? 'connected' : 'taken'
    if (state !== 'connected') setTimeout(() => this.claim(), 500)
    if (state === this.#told) return
    this.#told = state
    this.handlers.onState(state)
  }

  drop(): void {
    this.network.give(this)
    this.#told = 'lost'
    this.handlers.onState('lost')
    setTimeout(() => this.claim(), 500)
  }

  dial(to: PeerId): Connection {
    const here = new FakeConnection(to, this)
    this.network.later(() => {
      const target = this.network.serverDown ? undefined : this.network.find(to)
      if (!target) return void setTimeout(() => here.end('unknown'), 5_000)
      if (target.page.silent || this.page.silent || here.ended) return
      if (this.network.isCut(this.id, to)) return here.end('no route')
      const there = new FakeConnection(this.id, target)
      here.pair(there)
      target.handlers.onConnection(there)
      this.network.later(() => {
        here.open()
        there.open()
      })
    })
    return here
  }

  keepAlive(): void {}

  close(): void {
    this.closed = true
    this.network.give(this)
    for (const connection of [...this.connections]) connection.close()
  }
}

class FakeConnection implements Connection {
  ended = false
  readonly #bytes: ChannelBytes = { sent: 0, received: 0 }
  #handlers: ConnectionHandlers | null = null
  #other: FakeConnection | null = null
  #inbox: ((() => void) | null)[] = []

  constructor(
    readonly peer: PeerId,
    readonly registration: FakeRegistration,
  ) {
    registration.connections.add(this)
  }

  pair(other: FakeConnection): void {
    this.#other = other
    other.#other = this
  }

  listen(handlers: ConnectionHandlers): void {
    this.#handlers = handlers
  }

  async measure(): Promise<ChannelBytes> {
    return { ...this.#bytes }
  }

  open(): void {
    if (!this.ended) this.#handlers?.onOpen(this.#channel())
  }

  /** Straight into the other side's channel, past its link. */
  sendRaw(data: ArrayBuffer): void {
    const other = this.#other
    this.#bytes.sent += data.byteLength
    other?.arrive(() => {
      if (other.ended) return
      other.#bytes.received += data.byteLength
      other.#handlers?.onData(data)
    })
  }

  /** Delivers in order, each after a delay. */
  arrive(action: () => void): void {
    if (this.registration.page.silent) return
    this.#inbox.push(action)
    if (this.#inbox.length === 1) this.#deliver()
  }

  #deliver(): void {
    this.registration.network.later(() => {
      this.#inbox[0]?.()
      this.#inbox.shift()
      if (this.#inbox.length > 0) this.#deliver()
    })
  }

  end(reason: string): void {
    if (this.ended) return
    this.close()
    this.#handlers?.onClose(reason)
  }

  close(): void {
    if (this.ended) return
    this.ended = true
    this.registration.connections.delete(this)
    if (!this.registration.page.silent) this.#other?.arrive(() => this.#other?.end('its channel closed'))
  }

  #channel(): LinkChannel {
    const connection = this
    return {
      get readyState() {
        return connection.ended ? ('closed' as const) : ('open' as const)
      },
      bufferedAmount: 0,
      bufferedAmountLowThreshold: 0,
      send: (data) => {
        if (!connection.registration.page.silent) connection.sendRaw(data)
      },
      addEventListener: () => {},
      removeEventListener: () => {},
    }
  }
}
