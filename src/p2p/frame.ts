import type { RoundArray, VectorKind } from '../engine/index.ts'
import { crc32 } from './crc32.ts'
import type { ByteCount } from './ledger.ts'

/*
 * One message of a round, all integers little-endian, every section a multiple of four bytes long:
 *
 *      0  u32  magic "TSWF"                    16  u32  round; the step in a settle frame
 *      4  u8   version                         20  u32  number of arrays
 *      5  u8   type: 1 round, 2 settle         24  u32  length of the whole frame in bytes
 *      6  u8   operation: 1 mix, 2 average,    28  u32  CRC-32 of all other bytes
 *              0 in a settle frame             32       one entry per array:
 *      7  u8   zero                                       u8 kind, u8 codec, u16 zero, u32 elements, u32 bytes
 *      8  u32  hash of the run's id                     then the arrays' bytes, one after the other
 *     12  u32  view number
 *
 * Values are IEEE float32 in the order of the host's memory, which is little-endian wherever browsers run; so a
 * received array is a view of its message and no value is ever converted: NaN payloads arrive bit for bit.
 */

/** No message, chunked or whole, may be longer. */
export const MAX_MESSAGE_BYTES = 64 * 2 ** 20

const MAGIC = 0x46575354
const VERSION = 1
const HEADER_BYTES = 32
const ENTRY_BYTES = 12
const CHECKSUM_OFFSET = 28
const ROUND = 1
const SETTLE = 2
const DENSE_FLOAT32 = 0
const OPERATION_CODES = { mix: 1, average: 2 } as const
const KIND_CODES = { model: 1, momentum: 2, tracker: 3, gradient: 4, residual: 5, evaluation: 6 } as const satisfies Record<
  VectorKind,
  number
>

export type RoundOperation = keyof typeof OPERATION_CODES

const operationOf = new Map(Object.entries(OPERATION_CODES).map(([name, code]) => [code, name] as [number, RoundOperation]))
const kindOf = new Map(Object.entries(KIND_CODES).map(([name, code]) => [code, name] as [number, VectorKind]))

/** A worker's arrays of one communication round; when decoded, the values are views of the message. */
export interface RoundFrame {
  type: 'round'
  /** runHash of the run's id */
  run: number
  /** view number */
  view: number
  /** communication rounds within the view, from 0 */
  round: number
  operation: RoundOperation
  arrays: RoundArray[]
}

/** A worker's step count, sent once to every member of a new view. */
export interface SettleFrame {
  type: 'settle'
  run: number
  view: number
  step: number
}

export type Frame = RoundFrame | SettleFrame

/** Why a message is no frame. */
export type FrameFault =
  | 'too-short'
  | 'too-long'
  | 'magic'
  | 'version'
  | 'length'
  | 'checksum'
  | 'type'
  | 'operation'
  | 'reserved'
  | 'kind'
  | 'codec'
  | 'arrays'

export type DecodedFrame = { ok: true; frame: Frame } | { ok: false; reason: FrameFault }

/** A frame that cannot be written. */
export class FrameError extends Error {
  constructor(
    readonly kind: 'too-large' | 'out-of-range',
    message: string,
  ) {
    super(message)
  }
}

/** Names a run in a frame: CRC-32 of the id's UTF-8. */
export function runHash(run: string): number {
  return crc32(new TextEncoder().encode(run))
}

/** Writes a frame into a buffer of its own. Throws FrameError when a number is no uint32 or the frame exceeds MAX_MESSAGE_BYTES. */
export function encodeFrame(frame: Frame): ArrayBuffer {
  const arrays = frame.type === 'round' ? frame.arrays : []
  const tableEnd = HEADER_BYTES + ENTRY_BYTES * arrays.length
  const length = arrays.reduce((sum, { values }) => sum + values.byteLength, tableEnd)
  if (length > MAX_MESSAGE_BYTES)
    throw new FrameError(
      'too-large',
      `a frame of ${length} bytes exceeds ${MAX_MESSAGE_BYTES}; exchange fewer or shorter arrays in one round`,
    )

  const buffer = new ArrayBuffer(length)
  const view = new DataView(buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint8(4, VERSION)
  view.setUint8(5, frame.type === 'round' ? ROUND : SETTLE)
  view.setUint8(6, frame.type === 'round' ? OPERATION_CODES[frame.operation] : 0)
  view.setUint32(8, uint32('run hash', frame.run), true)
  view.setUint32(12, uint32('view number', frame.view), true)
  view.setUint32(16, frame.type === 'round' ? uint32('round', frame.round) : uint32('step', frame.step), true)
  view.setUint32(20, arrays.length, true)
  view.setUint32(24, length, true)

  let start = tableEnd
  arrays.forEach(({ kind, values }, i) => {
    const entry = HEADER_BYTES + ENTRY_BYTES * i
    view.setUint8(entry, KIND_CODES[kind])
    view.setUint8(entry + 1, DENSE_FLOAT32)
    view.setUint32(entry + 4, values.length, true)
    view.setUint32(entry + 8, values.byteLength, true)
    new Float32Array(buffer, start, values.length).set(values)
    start += values.byteLength
  })
  view.setUint32(CHECKSUM_OFFSET, checksum(buffer), true)
  return buffer
}

/** Reads a message from the network. Never throws and believes no length before it has been checked against the buffer. */
export function decodeFrame(buffer: ArrayBuffer): DecodedFrame {
  const length = buffer.byteLength
  if (length < HEADER_BYTES) return fault('too-short')
  if (length > MAX_MESSAGE_BYTES) return fault('too-long')
  const view = new DataView(buffer)
  if (view.getUint32(0, true) !== MAGIC) return fault('magic')
  if (view.getUint8(4) !== VERSION) return fault('version')
  if (view.getUint32(24, true) !== length) return fault('length')
  if (view.getUint32(CHECKSUM_OFFSET, true) !== checksum(buffer)) return fault('checksum')
  if (view.getUint8(7) !== 0) return fault('reserved')

  const operationCode = view.getUint8(6)
  const run = view.getUint32(8, true)
  const viewNumber = view.getUint32(12, true)
  const roundOrStep = view.getUint32(16, true)
  const count = view.getUint32(20, true)
  switch (view.getUint8(5)) {
    case SETTLE:
      if (operationCode !== 0) return fault('operation')
      if (count !== 0 || length !== HEADER_BYTES) return fault('arrays')
      return { ok: true, frame: { type: 'settle', run, view: viewNumber, step: roundOrStep } }
    case ROUND: {
      const operation = operationOf.get(operationCode)
      if (!operation) return fault('operation')
      const arrays = decodeArrays(buffer, view, count)
      if (typeof arrays === 'string') return fault(arrays)
      return { ok: true, frame: { type: 'round', run, view: viewNumber, round: roundOrStep, operation, arrays } }
    }
    default:
      return fault('type')
  }
}

function decodeArrays(buffer: ArrayBuffer, view: DataView, count: number): RoundArray[] | FrameFault {
  let start = HEADER_BYTES + ENTRY_BYTES * count
  if (start > buffer.byteLength) return 'arrays'
  const arrays: RoundArray[] = []
  for (let i = 0; i < count; i++) {
    const entry = HEADER_BYTES + ENTRY_BYTES * i
    const kind = kindOf.get(view.getUint8(entry))
    const elements = view.getUint32(entry + 4, true)
    const bytes = view.getUint32(entry + 8, true)
    if (!kind) return 'kind'
    if (view.getUint8(entry + 1) !== DENSE_FLOAT32) return 'codec'
    if (view.getUint16(entry + 2, true) !== 0) return 'reserved'
    if (bytes !== 4 * elements || bytes > buffer.byteLength - start) return 'arrays'
    arrays.push({ kind, values: new Float32Array(buffer, start, elements) })
    start += bytes
  }
  return start === buffer.byteLength ? arrays : 'arrays'
}

/**
 * What a frame's bytes are for, together with the chunk headers around it. Values exchanged only to evaluate are
 * control, and so is all of a frame without any training value (evaluation, settle); what surrounds training values is
 * framing, and so is a message that is no frame. Reads lengths only: the checksum is the receiver's business.
 */
export function countFrame(message: ArrayBuffer, chunkHeaderBytes: number): ByteCount {
  const length = message.byteLength + chunkHeaderBytes
  const values = countValues(message)
  if (!values) return { payload: 0, framing: length, control: 0 }
  if (values.training === 0) return { payload: 0, framing: 0, control: length }
  return { payload: values.training, framing: length - values.training - values.evaluation, control: values.evaluation }
}

function countValues(message: ArrayBuffer): { training: number; evaluation: number } | null {
  const length = message.byteLength
  if (length < HEADER_BYTES) return null
  const view = new DataView(message)
  const arrays = view.getUint32(20, true)
  if (view.getUint32(0, true) !== MAGIC || HEADER_BYTES + ENTRY_BYTES * arrays > length) return null
  const bytes = { training: 0, evaluation: 0 }
  for (let i = 0; i < arrays; i++) {
    const entry = HEADER_BYTES + ENTRY_BYTES * i
    bytes[view.getUint8(entry) === KIND_CODES.evaluation ? 'evaluation' : 'training'] += view.getUint32(entry + 8, true)
  }
  return HEADER_BYTES + ENTRY_BYTES * arrays + bytes.training + bytes.evaluation === length ? bytes : null
}

function checksum(buffer: ArrayBuffer): number {
  return crc32(new Uint8Array(buffer, CHECKSUM_OFFSET + 4), crc32(new Uint8Array(buffer, 0, CHECKSUM_OFFSET)))
}

function uint32(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) return value
  throw new FrameError('out-of-range', `${name} must be an integer from 0 to 2^32 - 1, got ${value}`)
}

const fault = (reason: FrameFault): DecodedFrame => ({ ok: false, reason })
