import type { DataConnection, Peer, PeerOptions } from 'peerjs'
import type { PeerId } from '../types.ts'
import type {
  ChannelBytes,
  Connection,
  ConnectionHandlers,
  Registration,
  RegistrationHandlers,
  Signalling,
  SignallingServer,
  SignallingState,
} from './signalling.ts'

const FIRST_RETRY_MS = 500
const MAX_RETRY_MS = 10_000
/** PeerServer confirms no second socket of a page whose first it still holds open; no word for so long means that it is well. */
const SILENT_RECONNECT_MS = 4_000

/** Signalling and channels through PeerJS, which is loaded with the first registration. */
export function peerjsSignalling(server: SignallingServer, iceServers: RTCIceServer[]): Signalling {
  const options: PeerOptions = { ...server, config: { iceServers }, debug: 0 }
  return { register: (id, handlers) => new PeerRegistration(id, options, handlers) }
}

class PeerRegistration implements Registration {
  #peer: Peer | null = null
  #closed = false
  #state: SignallingState | null = null
  #retries = 0
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #silenceTimer: ReturnType<typeof setTimeout> | undefined
  #waiting: PeerConnection[] = []
  #dialing = new Set<PeerConnection>()

  constructor(
    readonly id: PeerId,
    readonly options: PeerOptions,
    readonly handlers: RegistrationHandlers,
  ) {
    this.#create()
  }

  dial(to: PeerId): Connection {
    const connection = new PeerConnection(to, () => this.#dialing.delete(connection))
    this.#dialing.add(connection)
    if (this.#peer?.open) this.#connect(connection)
    else if (this.#state === null) this.#waiting.push(connection)
    else queueMicrotask(() => connection.end('the signalling server is out of reach'))
    return connection
  }

  keepAlive(): void {
    // the message of PeerJS's own heartbeat, whose timer is throttled in hidden pages
    if (this.#peer?.open) this.#peer.socket.send({ type: 'HEARTBEAT' })
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retryTimer)
    clearTimeout(this.#silenceTimer)
    this.#peer?.destroy()
    this.#peer = null
  }

  #create(): void {
    import('peerjs').then(
      (peerjs) => this.#closed || this.#listen(new peerjs.Peer(this.id, this.options)),
      () => this.#lost('lost'),
    )
  }

  #listen(peer: Peer): void {
    this.#peer = peer
    peer.on('open', () => this.#connected())
    peer.on('connection', (connection) => this.#accept(connection))
    peer.on('disconnected', () => this.#lost('lost'))
    peer.on('error', (error) => {
      if (error.type === 'unavailable-id') this.#lost('taken')
      else if (error.type === 'peer-unavailable') {
        for (const dialing of [...this.#dialing])
          if (error.message.endsWith(dialing.peer)) dialing.end('the signalling server does not know it')
      }
    })
  }

  #connect(connection: PeerConnection): void {
    // `raw`: chunks and back-pressure are the link's; `reliable` means ordered to PeerJS
    const dataConnection = this.#peer?.connect(connection.peer, { serialization: 'raw', reliable: true })
    if (dataConnection) connection.attach(dataConnection)
    else connection.end('the signalling server is out of reach')
  }

  #accept(dataConnection: DataConnection): void {
    // the dialer chooses the serialization, and any other would unpack what nobody has checked
    if (dataConnection.serialization !== 'raw' || !dataConnection.reliable) return dataConnection.close()
    const connection = new PeerConnection(dataConnection.peer, () => {})
    connection.attach(dataConnection)
    this.handlers.onConnection(connection)
  }

  #connected(): void {
    clearTimeout(this.#silenceTimer)
    this.#retries = 0
    this.#tell('connected')
    for (const connection of this.#waiting.splice(0)) this.#connect(connection)
  }

  #lost(state: 'lost' | 'taken'): void {
    if (this.#closed) return
    clearTimeout(this.#silenceTimer)
    clearTimeout(this.#retryTimer)
    const delayMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#retries++) * (0.5 + Math.random())
    this.#retryTimer = setTimeout(() => this.#retry(), delayMs)
    this.#tell(state)
    for (const connection of this.#waiting.splice(0)) connection.end('the signalling server is out of reach')
  }

  #retry(): void {
    // a peer that never got its id cannot reconnect, and has no channels to lose
    if (!this.#peer || this.#peer.destroyed) return this.#create()
    if (!this.#peer.disconnected) return
    this.#peer.reconnect()
    this.#silenceTimer = setTimeout(() => this.#connected(), SILENT_RECONNECT_MS)
  }

  #tell(state: SignallingState): void {
    // an id that is taken also ends as disconnected
    if (this.#closed || state === this.#state || (this.#state === 'taken' && state === 'lost')) return
    this.#state = state
    this.handlers.onState(state)
  }
}

class PeerConnection implements Connection {
  #handlers: ConnectionHandlers | null = null
  #dataConnection: DataConnection | null = null
  #ended = false

  constructor(
    readonly peer: PeerId,
    readonly onDone: () => void,
  ) {}

  listen(handlers: ConnectionHandlers): void {
    this.#handlers = handlers
  }

  attach(dataConnection: DataConnection): void {
    if (this.#ended) return dataConnection.close()
    this.#dataConnection = dataConnection
    dataConnection.on('open', () => {
      this.onDone()
      this.#handlers?.onOpen(dataConnection.dataChannel)
    })
    dataConnection.on('data', (data) => this.#handlers?.onData(data as ArrayBuffer))
    dataConnection.on('close', () => this.end('its channel closed'))
    dataConnection.on('error', () => this.end('no direct connection could be made'))
  }

  async measure(): Promise<ChannelBytes | null> {
    if (this.#ended || !this.#dataConnection) return null
    const { peerConnection, dataChannel } = this.#dataConnection
    for (const stats of (await peerConnection.getStats()).values())
      if (stats.type === 'data-channel' && stats.dataChannelIdentifier === dataChannel.id)
        return { sent: stats.bytesSent, received: stats.bytesReceived }
    return null
  }

  end(reason: string): void {
    if (this.#ended) return
    this.close()
    this.#handlers?.onClose(reason)
  }

  close(): void {
    if (this.#ended) return
    this.#ended = true
    this.onDone()
    this.#dataConnection?.close()
  }
}
