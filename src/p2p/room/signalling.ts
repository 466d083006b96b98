import type { LinkChannel } from '../link.ts'
import type { PeerId } from '../types.ts'

/** Where the signalling server is. */
export interface SignallingServer {
  host: string
  port: number
  path: string
  secure: boolean
  key: string
}

/**
 * What a room needs of PeerJS, and no more: so that all of its logic is tested over fakes in Node.
 * `connected`: reachable under the id. `lost`: the server is out of reach, coming back is tried until close.
 * `taken`: somebody else holds the id.
 */
export type SignallingState = 'connected' | 'lost' | 'taken'

export interface Signalling {
  /** Takes an id on the server; tries until closed. Handlers are called later, never during this call. */
  register(id: PeerId, handlers: RegistrationHandlers): Registration
}

export interface RegistrationHandlers {
  onState(state: SignallingState): void
  /** Somebody dials this id. */
  onConnection(connection: Connection): void
}

export interface Registration {
  readonly id: PeerId
  /** Opens an ordered, reliable channel; what becomes of it is told to the connection's handlers. */
  dial(to: PeerId): Connection
  /** Tells the server that this page lives. Pages call it from a worker's ticks, because their own timers are throttled when hidden. */
  keepAlive(): void
  /** Gives up the id and closes all of its connections. */
  close(): void
}

/** All bytes of one channel's messages since it opened; headers of the layers below (SCTP, DTLS, UDP) are not among them. */
export interface ChannelBytes {
  sent: number
  received: number
}

/** A channel to one peer, not yet trusted. */
export interface Connection {
  /** as the signalling server told it */
  readonly peer: PeerId
  /** To be called once, in the same turn in which the connection was got. */
  listen(handlers: ConnectionHandlers): void
  /** What the browser itself counts on the channel, to check the ledger by; null where it tells nothing, as before the channel opens. */
  measure(): Promise<ChannelBytes | null>
  /** Idempotent; `onClose` is not called for it. */
  close(): void
}

export interface ConnectionHandlers {
  onOpen(channel: LinkChannel): void
  onData(data: ArrayBuffer): void
  /** At most once. The reason is part of a sentence for users: "the channel closed". */
  onClose(reason: string): void
}
