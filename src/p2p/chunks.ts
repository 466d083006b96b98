import { MAX_MESSAGE_BYTES } from './frame-layout.ts'

/*
 * A data channel carries messages of limited size, so a long message travels as chunks. Each begins with
 *
 *      0  u8   version            4  u32  message id, counted by the sender, wraps
 *      1  u8   kind: 1 control,   8  u32  length of the whole message in bytes
 *              2 frame           12  u32  where this chunk begins in it
 *      2  u16  zero              16       the bytes
 *
 * all little-endian. The channel is reliable and ordered and a link never interleaves two messages, so anything but
 * the next chunk of the message under way is an error of the other side: it is reported, the message is dropped, and
 * reading goes on with the next message that begins.
 */

/** A frame of a round, or anything else (membership, metrics, heartbeats). */
export type MessageKind = 'frame' | 'control'

/** A chunk's length, header included, unless the channel takes less: every WebRTC implementation carries this much. */
export const DEFAULT_CHUNK_BYTES = 65_536
export const CHUNK_HEADER_BYTES = 16
export const TRANSFER_DEADLINE_MS = 30_000

const VERSION = 1
const KIND_CODES = { control: 1, frame: 2 } as const satisfies Record<MessageKind, number>
/** Memory set aside on a sender's mere word; beyond it, never more than twice what has arrived. */
const TRUSTED_BYTES = 2 ** 20

export type ChunkFault =
  /** too short, another version, unknown kind */
  | 'not-a-chunk'
  /** the message would exceed the cap */
  | 'too-large'
  /** not where the message under way goes on, or none is under way */
  | 'out-of-order'
  /** another length or kind than the message's first chunk said, or more bytes than that */
  | 'inconsistent'
  /** a new message began before the last one was whole */
  | 'interrupted'
  /** too long since the last chunk of the message under way */
  | 'deadline'

/** One step of reassembly: a message may have become whole, one may have been lost, or (rarely) both. */
export interface Reassembled {
  message?: { kind: MessageKind; bytes: ArrayBuffer }
  fault?: ChunkFault
}

/** Bytes of chunk headers that a link adds to a message of this length. */
export function framingBytes(messageLength: number, chunkBytes = DEFAULT_CHUNK_BYTES): number {
  return CHUNK_HEADER_BYTES * Math.max(1, Math.ceil(messageLength / (chunkBytes - CHUNK_HEADER_BYTES)))
}

/** Cuts a message into chunks of at most `chunkBytes` (headers included), each in a buffer of its own. */
export function* cutIntoChunks(
  kind: MessageKind,
  id: number,
  message: ArrayBuffer,
  chunkBytes = DEFAULT_CHUNK_BYTES,
): Generator<ArrayBuffer, void> {
  const room = chunkBytes - CHUNK_HEADER_BYTES
  let offset = 0
  do {
    const bytes = new Uint8Array(message, offset, Math.min(room, message.byteLength - offset))
    const chunk = new Uint8Array(CHUNK_HEADER_BYTES + bytes.length)
    const view = new DataView(chunk.buffer)
    view.setUint8(0, VERSION)
    view.setUint8(1, KIND_CODES[kind])
    view.setUint32(4, id, true)
    view.setUint32(8, message.byteLength, true)
    view.setUint32(12, offset, true)
    chunk.set(bytes, CHUNK_HEADER_BYTES)
    yield chunk.buffer
    offset += room
  } while (offset < message.byteLength)
}

interface Transfer {
  kind: MessageKind
  id: number
  length: number
  bytes: Uint8Array<ArrayBuffer>
  received: number
  lastChunkMs: number
}

interface Chunk {
  kind: MessageKind
  id: number
  length: number
  offset: number
  bytes: Uint8Array<ArrayBuffer>
}

export interface ReassemblerOptions {
  /** longest message accepted; default MAX_MESSAGE_BYTES */
  maxMessageBytes?: number
  deadlineMs?: number
  /** milliseconds on any steady clock */
  now?: () => number
}

/** Puts one channel's messages together again; never throws, whatever arrives. */
export class Reassembler {
  private transfer: Transfer | null = null
  /** id of a message already reported as lost, whose remaining chunks need no report */
  private lostId: number | null = null
  private readonly maxMessageBytes: number
  private readonly deadlineMs: number
  private readonly now: () => number

  constructor({
    maxMessageBytes = MAX_MESSAGE_BYTES,
    deadlineMs = TRANSFER_DEADLINE_MS,
    now = () => performance.now(),
  }: ReassemblerOptions = {}) {
    this.maxMessageBytes = maxMessageBytes
    this.deadlineMs = deadlineMs
    this.now = now
  }

  /** Memory held for the message under way. */
  get heldBytes(): number {
    return this.transfer?.bytes.length ?? 0
  }

  accept(data: ArrayBuffer): Reassembled {
    const late = this.expire()
    const result = this.next(data)
    return late && !result.fault ? { ...result, fault: late } : result
  }

  /** Drops a message whose next chunk is overdue and says so; call it now and then, so that a stalled one holds no memory. */
  expire(): ChunkFault | undefined {
    if (!this.transfer || this.now() - this.transfer.lastChunkMs <= this.deadlineMs) return undefined
    return this.drop('deadline')
  }

  private next(data: ArrayBuffer): Reassembled {
    const chunk = readChunk(data)
    if (!chunk) return { fault: this.drop('not-a-chunk') }
    if (chunk.offset === 0) {
      const fault = this.transfer ? this.drop('interrupted') : undefined
      this.lostId = null
      if (chunk.length > this.maxMessageBytes) return { fault: this.lose(chunk.id, 'too-large') }
      this.transfer = { ...chunk, bytes: new Uint8Array(Math.min(chunk.length, TRUSTED_BYTES)), received: 0, lastChunkMs: 0 }
      return { fault, ...this.append(this.transfer, chunk) }
    }
    if (!this.transfer && chunk.id === this.lostId) return {}
    if (!this.transfer) return { fault: this.lose(chunk.id, 'out-of-order') }
    return this.append(this.transfer, chunk)
  }

  private append(transfer: Transfer, chunk: Chunk): Reassembled {
    if (chunk.id !== transfer.id || chunk.offset !== transfer.received) return { fault: this.drop('out-of-order') }
    const end = transfer.received + chunk.bytes.length
    const empty = chunk.bytes.length === 0 && transfer.length > 0
    if (chunk.length !== transfer.length || chunk.kind !== transfer.kind || end > transfer.length || empty)
      return { fault: this.drop('inconsistent') }
    if (end > transfer.bytes.length) {
      const grown = new Uint8Array(Math.min(transfer.length, Math.max(end, 2 * transfer.bytes.length)))
      grown.set(transfer.bytes.subarray(0, transfer.received))
      transfer.bytes = grown
    }
    transfer.bytes.set(chunk.bytes, transfer.received)
    transfer.received = end
    transfer.lastChunkMs = this.now()
    if (end < transfer.length) return {}
    this.transfer = null
    return { message: { kind: transfer.kind, bytes: transfer.bytes.buffer } }
  }

  private drop(fault: ChunkFault): ChunkFault {
    if (!this.transfer) return fault
    return this.lose(this.transfer.id, fault)
  }

  private lose(id: number, fault: ChunkFault): ChunkFault {
    this.transfer = null
    this.lostId = id
    return fault
  }
}

function readChunk(data: ArrayBuffer): Chunk | null {
  if (data.byteLength < CHUNK_HEADER_BYTES) return null
  const view = new DataView(data)
  const code = view.getUint8(1)
  const kind = code === KIND_CODES.frame ? 'frame' : code === KIND_CODES.control ? 'control' : null
  if (!kind || view.getUint8(0) !== VERSION || view.getUint16(2, true) !== 0) return null
  return {
    kind,
    id: view.getUint32(4, true),
    length: view.getUint32(8, true),
    offset: view.getUint32(12, true),
    bytes: new Uint8Array(data, CHUNK_HEADER_BYTES),
  }
}
