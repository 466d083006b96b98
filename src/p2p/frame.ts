import type { Message, VectorKind } from '../engine/index.ts'
import { type ArrayCoding, planMessage, readMessage, writeMessage } from './codec.ts'
import { crc32 } from './crc32.ts'
import { FrameError, type FrameFault } from './frame-errors.ts'
import {
  CHECKSUM_OFFSET,
  CODEC_CODES,
  ENTRY_BYTES,
  HEADER_BYTES,
  KIND_CODES,
  MAGIC,
  MAX_ELEMENTS,
  MAX_MESSAGE_BYTES,
  nameLookup,
  OPERATION_CODES,
  padded,
  type RoundOperation,
  TYPE_CODES,
  VERSION,
} from './frame-layout.ts'

/** One array of a round as it is sent. */
export interface FrameArray {
  kind: VectorKind
  message: Message
  /** dense values travel, and arrive, rounded to float16 */
  float16?: boolean
}

/** A worker's part of one exchange of a round; when decoded, values are views of the message. */
export interface RoundFrame {
  type: 'round'
  /** runHash of the run's id */
  run: number
  /** view number */
  view: number
  /** communication rounds within the view, from 0 */
  round: number
  /** which of the round's exchanges, from 0: through a server or round a ring there are several */
  phase: number
  operation: RoundOperation
  arrays: FrameArray[]
}

/** A worker's step count, sent once to every member of a new view. */
export interface SettleFrame {
  type: 'settle'
  run: number
  view: number
  step: number
}

export type Frame = RoundFrame | SettleFrame

export type DecodedFrame = { ok: true; frame: Frame } | { ok: false; reason: FrameFault }

const operationOf = nameLookup(OPERATION_CODES)
const kindOf = nameLookup(KIND_CODES)
const codecOf = nameLookup(CODEC_CODES)

/** Names a run in a frame: CRC-32 of the id's UTF-8. */
export function runHash(run: string): number {
  return crc32(new TextEncoder().encode(run))
}

/**
 * Writes a frame into a buffer of its own. Throws FrameError when a number does not fit its field, a message contradicts itself or the
 * frame exceeds MAX_MESSAGE_BYTES.
 */
export function encodeFrame(frame: Frame): ArrayBuffer {
  const arrays = frame.type === 'round' ? frame.arrays : []
  const plans = arrays.map(({ message, float16 }) => planMessage(message, float16))
  const tableEnd = HEADER_BYTES + ENTRY_BYTES * arrays.length
  const length = plans.reduce((sum, { bytes }) => sum + padded(bytes), tableEnd)
  if (length > MAX_MESSAGE_BYTES)
    throw new FrameError(
      'too-large',
      `a frame of ${length} bytes exceeds ${MAX_MESSAGE_BYTES}; exchange fewer or shorter arrays in one round`,
    )

  const buffer = new ArrayBuffer(length)
  const view = new DataView(buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint8(4, VERSION)
  view.setUint8(5, TYPE_CODES[frame.type])
  view.setUint8(6, frame.type === 'round' ? OPERATION_CODES[frame.operation] : 0)
  view.setUint32(8, uint('run hash', frame.run), true)
  view.setUint32(12, uint('view number', frame.view), true)
  view.setUint32(16, frame.type === 'round' ? uint('round', frame.round) : uint('step', frame.step), true)
  view.setUint16(20, uint('number of arrays', arrays.length, 16), true)
  view.setUint16(22, frame.type === 'round' ? uint('phase', frame.phase, 16) : 0, true)
  view.setUint32(24, length, true)

  let start = tableEnd
  arrays.forEach(({ kind, message }, i) => {
    const plan = plans[i]
    const entry = HEADER_BYTES + ENTRY_BYTES * i
    view.setUint8(entry, KIND_CODES[kind])
    view.setUint8(entry + 1, CODEC_CODES[plan.codec])
    view.setUint8(entry + 2, plan.shift)
    view.setUint32(entry + 4, uint('number of elements', message.size), true)
    view.setUint32(entry + 8, plan.argument, true)
    view.setUint32(entry + 12, plan.bytes, true)
    writeMessage(message, plan, buffer, start)
    start += padded(plan.bytes)
  })
  view.setUint32(CHECKSUM_OFFSET, checksum(buffer), true)
  return buffer
}

/**
 * Reads a message from the network. Never throws, believes no length before it has been checked against the buffer, and takes no more
 * memory than a few times the buffer's.
 * @param maxElements longest vector accepted
 */
export function decodeFrame(buffer: ArrayBuffer, maxElements = MAX_ELEMENTS): DecodedFrame {
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
  const count = view.getUint16(20, true)
  const phase = view.getUint16(22, true)
  switch (view.getUint8(5)) {
    case TYPE_CODES.settle:
      if (operationCode !== 0) return fault('operation')
      if (phase !== 0) return fault('reserved')
      if (count !== 0 || length !== HEADER_BYTES) return fault('arrays')
      return { ok: true, frame: { type: 'settle', run, view: viewNumber, step: roundOrStep } }
    case TYPE_CODES.round: {
      const operation = operationOf(operationCode)
      if (!operation) return fault('operation')
      const arrays = decodeArrays(buffer, view, count, maxElements)
      if (typeof arrays === 'string') return fault(arrays)
      return { ok: true, frame: { type: 'round', run, view: viewNumber, round: roundOrStep, phase, operation, arrays } }
    }
    default:
      return fault('type')
  }
}

function decodeArrays(buffer: ArrayBuffer, view: DataView, count: number, maxElements: number): FrameArray[] | FrameFault {
  let start = HEADER_BYTES + ENTRY_BYTES * count
  if (start > buffer.byteLength) return 'arrays'
  const arrays: FrameArray[] = []
  for (let i = 0; i < count; i++) {
    const entry = HEADER_BYTES + ENTRY_BYTES * i
    const kind = kindOf(view.getUint8(entry))
    const codec = codecOf(view.getUint8(entry + 1))
    const size = view.getUint32(entry + 4, true)
    const bytes = view.getUint32(entry + 12, true)
    if (!kind) return 'kind'
    if (!codec) return 'codec'
    if (view.getUint8(entry + 3) !== 0) return 'reserved'
    if (size > maxElements) return 'size'
    if (padded(bytes) > buffer.byteLength - start) return 'arrays'
    for (let i = bytes; i < padded(bytes); i++) if (view.getUint8(start + i) !== 0) return 'reserved'
    const coding: ArrayCoding = { codec, shift: view.getUint8(entry + 2), argument: view.getUint32(entry + 8, true), bytes }
    const message = readMessage(coding, size, buffer, start)
    if (!message) return 'content'
    arrays.push(codec === 'float16' ? { kind, message, float16: true } : { kind, message })
    start += padded(bytes)
  }
  return start === buffer.byteLength ? arrays : 'arrays'
}

function checksum(buffer: ArrayBuffer): number {
  return crc32(new Uint8Array(buffer, CHECKSUM_OFFSET + 4), crc32(new Uint8Array(buffer, 0, CHECKSUM_OFFSET)))
}

function uint(name: string, value: number, bits = 32): number {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** bits) return value
  throw new FrameError('out-of-range', `${name} must be an integer from 0 to 2^${bits} - 1, got ${value}`)
}

const fault = (reason: FrameFault): DecodedFrame => ({ ok: false, reason })
