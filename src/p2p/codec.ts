import type { Message } from '../engine/index.ts'
import { fromFloat16, toFloat16 } from './float16.ts'
import { FrameError } from './frame-errors.ts'
import type { Codec } from './frame-layout.ts'
import { type PositionCoding, planPositions, readPositions, writePositions } from './positions.ts'

/** How an array stands in its frame: what its table entry says of it, besides kind and length of the vector. */
export interface ArrayCoding {
  codec: Codec
  /** Rice's parameter, else zero */
  shift: number
  /** sparse: number of values; block: where it begins; else zero */
  argument: number
  /** without the zeros that fill up to a multiple of four */
  bytes: number
}

const SCALE_BYTES = 4

/** Chooses the codec, for sparse messages the shortest. Throws FrameError `message` for one that contradicts itself. */
export function planMessage(message: Message, float16 = false): ArrayCoding {
  const { size } = message
  switch (message.kind) {
    case 'dense':
      check(message.values.length === size, message, `${message.values.length} values`)
      return float16 ? coding('float16', 2 * size) : coding('float32', 4 * size)
    case 'sparse': {
      const { indices, values } = message
      check(indices.length === values.length, message, `${values.length} values at ${indices.length} positions`)
      const positions = planPositions(indices, size)
      if (!positions) throw contradiction(message, 'positions that do not ascend below it')
      return { codec: positions.name, shift: positions.shift, argument: values.length, bytes: values.byteLength + positions.bytes }
    }
    case 'block': {
      const { start, values } = message
      check(isBlock(start, values.length, size), message, `${values.length} values from ${start} on`)
      return { ...coding('block', values.byteLength), argument: start }
    }
    case 'byte':
      check(message.codes.length === size && !message.codes.includes(-128), message, `${message.codes.length} codes, all from -127 to 127?`)
      return coding('byte', SCALE_BYTES + size)
    case 'sign':
      check(isBits(message.bits, size), message, `${message.bits.length} bytes of bits, the unused ones zero?`)
      return coding('sign', SCALE_BYTES + message.bits.length)
    default:
      message satisfies never
      throw new Error('unreachable')
  }
}

/** Writes a message as planned, into zeroed bytes from `start` (a multiple of four) on. */
export function writeMessage(message: Message, plan: ArrayCoding, buffer: ArrayBuffer, start: number): void {
  switch (message.kind) {
    case 'dense':
      if (plan.codec === 'float16') new Uint16Array(buffer, start, message.size).set(toFloat16(message.values))
      else new Float32Array(buffer, start, message.size).set(message.values)
      break
    case 'sparse': {
      const { values, indices } = message
      const bytes = plan.bytes - values.byteLength
      new Float32Array(buffer, start, values.length).set(values)
      const name = plan.codec as PositionCoding['name']
      writePositions({ name, shift: plan.shift, bytes }, new Uint8Array(buffer, start + values.byteLength, bytes), indices)
      break
    }
    case 'block':
      new Float32Array(buffer, start, message.values.length).set(message.values)
      break
    case 'byte':
      new Float32Array(buffer, start, 1)[0] = message.scale
      new Int8Array(buffer, start + SCALE_BYTES, message.size).set(message.codes)
      break
    case 'sign':
      new Float32Array(buffer, start, 1)[0] = message.scale
      new Uint8Array(buffer, start + SCALE_BYTES, message.bits.length).set(message.bits)
      break
    default:
      message satisfies never
  }
}

/**
 * The message whose bytes begin at `start` (a multiple of four) and are all inside the buffer; null when they are not what the entry
 * says. Values are views of the buffer, float16 apart. Never takes more memory than a few times these bytes: `size` is only a number.
 */
export function readMessage(
  { codec, shift, argument, bytes }: ArrayCoding,
  size: number,
  buffer: ArrayBuffer,
  start: number,
): Message | null {
  if (codec !== 'rice' && shift !== 0) return null
  switch (codec) {
    case 'float32':
      if (argument !== 0 || bytes !== 4 * size) return null
      return { kind: 'dense', size, values: new Float32Array(buffer, start, size) }
    case 'float16':
      if (argument !== 0 || bytes !== 2 * size) return null
      return { kind: 'dense', size, values: fromFloat16(new Uint16Array(buffer, start, size)) }
    case 'bitmap':
    case 'varint':
    case 'rice': {
      const valueBytes = 4 * argument
      if (argument > size || valueBytes > bytes) return null
      const indices = readPositions(codec, shift, new Uint8Array(buffer, start + valueBytes, bytes - valueBytes), argument, size)
      return indices && { kind: 'sparse', size, indices, values: new Float32Array(buffer, start, argument) }
    }
    case 'block': {
      const count = bytes / 4
      if (!Number.isInteger(count) || !isBlock(argument, count, size)) return null
      return { kind: 'block', size, start: argument, values: new Float32Array(buffer, start, count) }
    }
    case 'byte': {
      if (argument !== 0 || bytes !== SCALE_BYTES + size) return null
      const codes = new Int8Array(buffer, start + SCALE_BYTES, size)
      return codes.includes(-128) ? null : { kind: 'byte', size, scale: new Float32Array(buffer, start, 1)[0], codes }
    }
    case 'sign': {
      if (argument !== 0 || bytes !== SCALE_BYTES + Math.ceil(size / 8)) return null
      const bits = new Uint8Array(buffer, start + SCALE_BYTES, bytes - SCALE_BYTES)
      return isBits(bits, size) ? { kind: 'sign', size, scale: new Float32Array(buffer, start, 1)[0], bits } : null
    }
    default:
      codec satisfies never
      return null
  }
}

/** What the others will read of a message: scales, and float16 values, are rounded. The rest is the message's own. */
export function asReceived(message: Message, float16 = false): Message {
  switch (message.kind) {
    case 'dense':
      return float16 ? { ...message, values: fromFloat16(toFloat16(message.values)) } : message
    case 'byte':
    case 'sign':
      return { ...message, scale: Math.fround(message.scale) }
    case 'sparse':
    case 'block':
      return message
    default:
      message satisfies never
      return message
  }
}

const coding = (codec: Codec, bytes: number): ArrayCoding => ({ codec, shift: 0, argument: 0, bytes })

function isBlock(start: number, count: number, size: number): boolean {
  return count <= size && (start < size || (start === 0 && size === 0))
}

function isBits(bits: Uint8Array, size: number): boolean {
  const unused = 8 * bits.length - size
  return bits.length === Math.ceil(size / 8) && (unused === 0 || bits[bits.length - 1] >>> (8 - unused) === 0)
}

function check(holds: boolean, message: Message, has: string): void {
  if (!holds) throw contradiction(message, has)
}

function contradiction({ kind, size }: Message, has: string): FrameError {
  return new FrameError('message', `a ${kind} message for ${size} elements has ${has}; it contradicts itself and was not sent`)
}
