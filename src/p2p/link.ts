import {
  CHUNK_HEADER_BYTES,
  type ChunkFault,
  cutIntoChunks,
  DEFAULT_CHUNK_BYTES,
  framingBytes,
  type MessageKind,
  Reassembler,
} from './chunks.ts'
import { countByKind, countFrame } from './frame-count.ts'
import { MAX_MESSAGE_BYTES } from './frame-layout.ts'
import { addBytes, addPayload, type ByteCount, type LinkCounts, type PayloadByKind, zeroLinkCounts, zeroPayload } from './ledger.ts'

/** The part of an RTCDataChannel that a link stands on: reliable, ordered, binary. */
export interface LinkChannel {
  readonly readyState: RTCDataChannelState
  readonly bufferedAmount: number
  bufferedAmountLowThreshold: number
  send(data: ArrayBuffer): void
  addEventListener(type: 'open' | 'bufferedamountlow', listener: () => void): void
  removeEventListener(type: 'open' | 'bufferedamountlow', listener: () => void): void
}

export type LinkErrorKind =
  | ChunkFault
  /** the other side takes nothing and too much waits already: the message was dropped */
  | 'queue-full'
  /** the channel refused a chunk: the link has closed itself */
  | 'send-failed'

/** A message was lost on this link. Since rounds need every frame, a link that lost one is best given up. */
export class LinkError extends Error {
  constructor(
    readonly kind: LinkErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

export interface LinkOptions {
  /** A message arrived whole. A frame's checksum has not been looked at yet. */
  onMessage(kind: MessageKind, message: ArrayBuffer): void
  onError(error: LinkError): void
  /** longest channel message, headers included: the channel's maxMessageSize; never more than DEFAULT_CHUNK_BYTES is used */
  maxChunkBytes?: number
  /** milliseconds after its last chunk when an unfinished message is given up */
  deadlineMs?: number
  /** milliseconds on any steady clock */
  now?: () => number
}

/** Enough in the channel to keep it busy until it says that it runs low; far below what channels refuse. */
const HIGH_WATER_BYTES = 2 ** 20
const LOW_WATER_BYTES = 2 ** 18
const MAX_QUEUED_BYTES = 2 * MAX_MESSAGE_BYTES

interface Outgoing {
  chunks: Generator<ArrayBuffer, void>
  count: ByteCount
  byKind: PayloadByKind
  bytes: number
  handedOverBytes: number
}

/**
 * One peer's end of a data channel: cuts messages into chunks, waits for the channel to drain, counts every byte.
 * Control messages go before waiting frames, never into the middle of one. Whoever owns the channel passes what
 * arrives to `receive` and calls `expire` now and then.
 */
export class Link {
  /** Channel bytes by purpose, each message once it is through; what was lost on the way is framing. */
  readonly counts: LinkCounts = zeroLinkCounts()
  /** Messages lost, by cause. */
  readonly errorCounts: Partial<Record<LinkErrorKind, number>> = {}
  private readonly chunkBytes: number
  private readonly reassembler: Reassembler
  private readonly waiting: Record<MessageKind, Outgoing[]> = { control: [], frame: [] }
  private current: Outgoing | null = null
  private queuedBytes = 0
  private arrivingBytes = 0
  private nextId = 0
  private pumping = false
  private closed = false

  constructor(
    private readonly channel: LinkChannel,
    private readonly options: LinkOptions,
  ) {
    this.chunkBytes = Math.min(options.maxChunkBytes ?? DEFAULT_CHUNK_BYTES, DEFAULT_CHUNK_BYTES)
    if (!(this.chunkBytes > CHUNK_HEADER_BYTES))
      throw new RangeError(`maxChunkBytes must exceed the ${CHUNK_HEADER_BYTES} bytes of a chunk header, got ${options.maxChunkBytes}`)
    this.reassembler = new Reassembler({ deadlineMs: options.deadlineMs, now: options.now })
    channel.bufferedAmountLowThreshold = LOW_WATER_BYTES
    channel.addEventListener('open', this.pump)
    channel.addEventListener('bufferedamountlow', this.pump)
  }

  /** Queues one message; the caller must not write to it any more. On a closed link nothing happens. */
  send(kind: MessageKind, message: ArrayBuffer): void {
    if (this.closed) return
    const bytes = message.byteLength
    if (bytes > MAX_MESSAGE_BYTES) {
      this.fail('too-large', `a message of ${bytes} bytes exceeds ${MAX_MESSAGE_BYTES} and was not sent`)
      return
    }
    if (this.queuedBytes + bytes > MAX_QUEUED_BYTES) {
      this.fail('queue-full', `${this.queuedBytes} bytes wait for the other side already, ${bytes} more were dropped`)
      return
    }
    const chunks = cutIntoChunks(kind, this.nextId, message, this.chunkBytes)
    this.nextId = (this.nextId + 1) >>> 0
    const count = countMessage(kind, message, framingBytes(bytes, this.chunkBytes))
    this.waiting[kind].push({ chunks, count, byKind: payloadOf(kind, message), bytes, handedOverBytes: 0 })
    this.queuedBytes += bytes
    this.pump()
  }

  /** Takes one message of the channel; anything but an ArrayBuffer is an error of the other side. */
  receive(data: unknown): void {
    if (this.closed) return
    if (!(data instanceof ArrayBuffer)) {
      this.fail('not-a-chunk', `expected an ArrayBuffer from the channel, got ${typeof data}`)
      return
    }
    const { message, fault } = this.reassembler.accept(data)
    if (fault) this.countLostArrivals()
    this.arrivingBytes += data.byteLength
    if (message) {
      addBytes(this.counts.received, countMessage(message.kind, message.bytes, this.arrivingBytes - message.bytes.byteLength))
      addPayload(this.counts.receivedByKind, payloadOf(message.kind, message.bytes))
      this.arrivingBytes = 0
    } else if (this.reassembler.heldBytes === 0) this.countLostArrivals()
    if (fault) this.fail(fault, `an incoming message was lost: ${fault}`)
    if (message) this.options.onMessage(message.kind, message.bytes)
  }

  /** Gives up an incoming message whose next chunk is overdue. */
  expire(): void {
    const fault = this.closed ? undefined : this.reassembler.expire()
    if (!fault) return
    this.countLostArrivals()
    this.fail(fault, 'an incoming message stopped halfway and was given up')
  }

  /** Forgets what waits and listens no more; the channel itself stays its owner's. */
  close(): void {
    if (this.closed) return
    this.closed = true
    this.counts.sent.framing += this.current?.handedOverBytes ?? 0
    this.countLostArrivals()
    this.current = null
    this.queuedBytes = 0
    this.waiting.control.length = 0
    this.waiting.frame.length = 0
    this.channel.removeEventListener('open', this.pump)
    this.channel.removeEventListener('bufferedamountlow', this.pump)
  }

  private readonly pump = (): void => {
    if (this.pumping || this.closed || this.channel.readyState !== 'open') return
    this.pumping = true
    try {
      while (!this.closed && this.channel.bufferedAmount < HIGH_WATER_BYTES) {
        this.current ??= this.waiting.control.shift() ?? this.waiting.frame.shift() ?? null
        if (!this.current) return
        this.sendNextChunk(this.current)
      }
    } catch (cause) {
      this.close()
      this.fail('send-failed', `the channel refused a chunk: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    } finally {
      this.pumping = false
    }
  }

  private sendNextChunk(outgoing: Outgoing): void {
    const chunk = outgoing.chunks.next()
    if (!chunk.done) {
      this.channel.send(chunk.value)
      outgoing.handedOverBytes += chunk.value.byteLength
      return
    }
    addBytes(this.counts.sent, outgoing.count)
    addPayload(this.counts.sentByKind, outgoing.byKind)
    this.queuedBytes -= outgoing.bytes
    this.current = null
  }

  private countLostArrivals(): void {
    this.counts.received.framing += this.arrivingBytes
    this.arrivingBytes = 0
  }

  private fail(kind: LinkErrorKind, message: string, options?: ErrorOptions): void {
    this.errorCounts[kind] = (this.errorCounts[kind] ?? 0) + 1
    this.options.onError(new LinkError(kind, message, options))
  }
}

function countMessage(kind: MessageKind, message: ArrayBuffer, chunkHeaderBytes: number): ByteCount {
  if (kind === 'frame') return countFrame(message, chunkHeaderBytes)
  return { payload: 0, framing: 0, control: message.byteLength + chunkHeaderBytes }
}

function payloadOf(kind: MessageKind, message: ArrayBuffer): PayloadByKind {
  return kind === 'frame' ? countByKind(message) : zeroPayload()
}
