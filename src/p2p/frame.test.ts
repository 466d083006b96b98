import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { crc32 } from './crc32.ts'
import { decodeFrame, encodeFrame, type Frame, type FrameArray, type RoundFrame, runHash } from './frame.ts'
import type { FrameFault } from './frame-errors.ts'
import { MAX_ELEMENTS, MAX_MESSAGE_BYTES } from './frame-layout.ts'
import { anyMessage, bitsOf, dense, valueBits } from './messages.fixture.ts'

// Thousands of cases on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const kind = fc.constantFrom('model', 'momentum', 'tracker', 'gradient', 'residual', 'evaluation', 'state' as const)
const roundFrame = fc.record({
  type: fc.constant('round' as const),
  run: uint32,
  view: uint32,
  round: uint32,
  phase: fc.integer({ min: 0, max: 2 ** 16 - 1 }),
  operation: fc.constantFrom('mix', 'average', 'mixMessage', 'averageMessage', 'trade' as const),
  arrays: fc.array(fc.record({ kind, message: anyMessage(40) }), { maxLength: 5 }),
})
const settleFrame = fc.record({ type: fc.constant('settle' as const), run: uint32, view: uint32, step: uint32 })
const anyFrame: fc.Arbitrary<Frame> = fc.oneof({ weight: 5, arbitrary: roundFrame }, { weight: 1, arbitrary: settleFrame })

const sample: RoundFrame = {
  type: 'round',
  run: runHash('a run'),
  view: 3,
  round: 17,
  phase: 2,
  operation: 'mix',
  arrays: [
    { kind: 'model', message: dense(1, -2, 3) },
    { kind: 'evaluation', message: dense(4) },
  ],
}

function only(message: FrameArray['message'], more: Partial<FrameArray> = {}): RoundFrame {
  return { ...sample, arrays: [{ kind: 'model', message, ...more }] }
}

const sparse = only({ kind: 'sparse', size: 100, indices: Uint32Array.of(3, 50, 99), values: Float32Array.of(1, 2, 3) })
const block = only({ kind: 'block', size: 10, start: 8, values: Float32Array.of(1, 2, 3) })
const byte = only({ kind: 'byte', size: 3, scale: 2, codes: Int8Array.of(-127, 0, 127) })
const sign = only({ kind: 'sign', size: 3, scale: 2, bits: Uint8Array.of(5) })
const half = only(dense(1, 2, 3), { float16: true })

/** Writes a field and a checksum that fits, as a faulty but consistent sender would. */
function tamper(frame: Frame, write: (view: DataView) => void): ArrayBuffer {
  const buffer = encodeFrame(frame)
  const view = new DataView(buffer)
  write(view)
  view.setUint32(28, crc32(new Uint8Array(buffer, 32), crc32(new Uint8Array(buffer, 0, 28))), true)
  return buffer
}

describe('round trip', () => {
  test('returns what was encoded, bit for bit, whatever the sorts of messages, with NaN and infinities', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const decoded = decodeFrame(encodeFrame(frame))
        expect(decoded).toEqual({ ok: true, frame })
        if (!decoded.ok || decoded.frame.type !== 'round' || frame.type !== 'round') return
        expect(decoded.frame.arrays.map(({ message }) => bitsOf(message))).toEqual(frame.arrays.map(({ message }) => bitsOf(message)))
      }),
      { numRuns: 1_000 },
    )
  })

  test('keeps the payload of a NaN and the sign of zero', () => {
    const values = new Float32Array(new Uint32Array([0x7fc12345, 0xffc00001, 0x80000000, 0x7f800000]).buffer)
    const [{ message }] = decodedArrays(encodeFrame(only({ kind: 'dense', size: 4, values })))
    expect(message.kind === 'dense' && valueBits(message.values)).toEqual(valueBits(values))
  })

  test('gives views of the message, not copies', () => {
    const message = encodeFrame({ ...sample, arrays: [sample, sparse, block].flatMap(({ arrays }) => arrays) })
    for (const array of decodedArrays(message)) expect('values' in array.message && array.message.values.buffer).toBe(message)
  })

  test('takes vectors without elements', () => {
    const none = new Float32Array(0)
    const arrays: FrameArray[] = [
      { kind: 'model', message: { kind: 'dense', size: 0, values: none } },
      { kind: 'model', message: { kind: 'sparse', size: 0, indices: new Uint32Array(0), values: none } },
      { kind: 'model', message: { kind: 'block', size: 0, start: 0, values: none } },
      { kind: 'model', message: { kind: 'byte', size: 0, scale: 1, codes: new Int8Array(0) } },
      { kind: 'model', message: { kind: 'sign', size: 0, scale: 1, bits: new Uint8Array(0) } },
    ]
    expect(decodedArrays(encodeFrame({ ...sample, arrays }))).toEqual(arrays)
  })

  test('writes little-endian', () => {
    const bytes = new Uint8Array(encodeFrame(sample))
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe('TSWF')
    expect([...bytes.subarray(12, 20)]).toEqual([3, 0, 0, 0, 17, 0, 0, 0])
    expect([...bytes.subarray(64, 68)]).toEqual([0, 0, 0x80, 0x3f])
  })
})

describe('hostile input', () => {
  const never = (buffer: ArrayBuffer): void => {
    expect(decodeFrame(buffer).ok).toBe(false)
  }

  test('random bytes are refused and never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => never(copy(bytes))),
      { numRuns: 3_000 },
    )
  })

  test('random fields behind a valid checksum never throw', () => {
    const field = fc.tuple(fc.integer({ min: 4, max: 95 }), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 12 }), (fields) => {
        const buffer = tamper({ ...sample, arrays: [...sample.arrays, ...sample.arrays] }, (view) => {
          for (const [offset, value] of fields) view.setUint8(offset, value)
        })
        const decoded = decodeFrame(buffer)
        if (decoded.ok && decoded.frame.type === 'round')
          for (const { message } of decoded.frame.arrays) expect(message.size).toBeLessThanOrEqual(MAX_ELEMENTS)
      }),
      { numRuns: 5_000 },
    )
  })

  test('a truncated or prolonged frame is refused', () => {
    fc.assert(
      fc.property(anyFrame, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 20 }), (frame, cut, more) => {
        const message = encodeFrame(frame)
        never(message.slice(0, cut % message.byteLength))
        never(copy(new Uint8Array([...new Uint8Array(message), ...more])))
      }),
      { numRuns: 2_000 },
    )
  })

  test('every single flipped bit is detected', () => {
    const message = encodeFrame({ ...sample, arrays: [sample, sparse, block, byte, sign, half].flatMap(({ arrays }) => arrays) })
    for (let bit = 0; bit < 8 * message.byteLength; bit++) {
      const flipped = message.slice(0)
      new Uint8Array(flipped)[bit >> 3] ^= 1 << (bit & 7)
      never(flipped)
    }
  })

  test('a flipped bit in a random frame is detected', () => {
    fc.assert(
      fc.property(anyFrame, fc.nat(), (frame, place) => {
        const message = encodeFrame(frame)
        const bit = place % (8 * message.byteLength)
        new Uint8Array(message)[bit >> 3] ^= 1 << (bit & 7)
        never(message)
      }),
      { numRuns: 3_000 },
    )
  })

  const settle: Frame = { type: 'settle', run: 1, view: 2, step: 3 }
  const cases: [FrameFault, ArrayBuffer][] = [
    ['too-short', new ArrayBuffer(31)],
    ['too-long', new ArrayBuffer(MAX_MESSAGE_BYTES + 4)],
    ['magic', tamper(sample, (view) => view.setUint8(0, 0))],
    ['version', tamper(sample, (view) => view.setUint8(4, 1))],
    ['type', tamper(sample, (view) => view.setUint8(5, 3))],
    ['operation', tamper(sample, (view) => view.setUint8(6, 6))],
    ['operation', tamper(settle, (view) => view.setUint8(6, 1))],
    ['reserved', tamper(sample, (view) => view.setUint8(7, 1))],
    ['reserved', tamper(sample, (view) => view.setUint8(35, 1))],
    ['reserved', tamper(settle, (view) => view.setUint16(22, 1))],
    ['reserved', tamper(byte, (view) => view.setUint8(55, 1))],
    ['length', tamper(sample, (view) => view.setUint32(24, 4, true))],
    ['arrays', tamper(sample, (view) => view.setUint16(20, 2 ** 16 - 1, true))],
    ['arrays', tamper(sample, (view) => view.setUint16(20, 1, true))],
    ['arrays', tamper(settle, (view) => view.setUint16(20, 1, true))],
    ['kind', tamper(sample, (view) => view.setUint8(32, 0))],
    ['codec', tamper(sample, (view) => view.setUint8(33, 8))],
    ['content', tamper(sample, (view) => view.setUint32(36, 4, true))],
    ['size', tamper(sparse, (view) => view.setUint32(36, MAX_ELEMENTS + 1, true))],
    ['arrays', tamper(sample, (view) => view.setUint32(44, 2 ** 32 - 4, true))],
    ['arrays', tamper(sample, (view) => view.setUint32(44, 2 ** 32 - 1, true))],
    // more values than elements, or than there are bytes
    ['content', tamper(sparse, (view) => view.setUint32(36, 2, true))],
    ['content', tamper(sparse, (view) => view.setUint32(40, 5, true))],
    // a position beyond the vector
    ['content', tamper(sparse, (view) => view.setUint32(36, 99, true))],
    ['content', tamper(block, (view) => view.setUint32(40, 10, true))],
    ['content', tamper(block, (view) => view.setUint32(36, 2, true))],
    ['content', tamper(byte, (view) => view.setInt8(52, -128))],
    ['content', tamper(sign, (view) => view.setUint8(52, 8))],
    ['content', tamper(half, (view) => view.setUint32(36, 4, true))],
    ['content', tamper(sample, (view) => view.setUint8(34, 1))],
  ]
  test.each(cases)('names the fault: %s', (reason, message) => {
    expect(decodeFrame(message)).toEqual({ ok: false, reason })
  })
})

describe('what is refused to be written', () => {
  test('a frame over the cap', () => {
    const size = MAX_MESSAGE_BYTES / 8
    const message: FrameArray['message'] = { kind: 'dense', size, values: new Float32Array(size) }
    const arrays = [1, 2].map(() => ({ kind: 'model' as const, message }))
    expect(() => encodeFrame({ ...sample, arrays })).toThrow(expect.objectContaining({ kind: 'too-large' }))
  })

  test.each([-1, 0.5, 2 ** 32, Number.NaN])('a step of %s', (step) => {
    expect(() => encodeFrame({ type: 'settle', run: 1, view: 1, step })).toThrow(expect.objectContaining({ kind: 'out-of-range' }))
  })

  test.each<[string, FrameArray['message']]>([
    ['values and size', { kind: 'dense', size: 3, values: new Float32Array(2) }],
    ['positions and values', { kind: 'sparse', size: 3, indices: Uint32Array.of(1), values: new Float32Array(2) }],
    ['positions that do not ascend', { kind: 'sparse', size: 3, indices: Uint32Array.of(1, 1), values: new Float32Array(2) }],
    ['a position beyond the vector', { kind: 'sparse', size: 3, indices: Uint32Array.of(1, 3), values: new Float32Array(2) }],
    ['a block longer than the vector', { kind: 'block', size: 3, start: 0, values: new Float32Array(4) }],
    ['a block that begins beyond the vector', { kind: 'block', size: 3, start: 3, values: new Float32Array(1) }],
    ['a code of -128', { kind: 'byte', size: 1, scale: 1, codes: Int8Array.of(-128) }],
    ['bits beyond the vector', { kind: 'sign', size: 3, scale: 1, bits: Uint8Array.of(8) }],
  ])('a message that contradicts itself: %s', (_, message) => {
    expect(() => encodeFrame(only(message))).toThrow(expect.objectContaining({ kind: 'message' }))
  })
})

test('a vector longer than the caller accepts is refused before anything is made of it', () => {
  const message = encodeFrame(only({ kind: 'sparse', size: MAX_ELEMENTS, indices: Uint32Array.of(7), values: Float32Array.of(1) }))
  expect(decodeFrame(message).ok).toBe(true)
  expect(decodeFrame(message, 1_000)).toEqual({ ok: false, reason: 'size' })
})

test('the run hash depends on every character', () => {
  expect(new Set(['', 'a', 'b', 'ab', 'ba', 'é'].map(runHash)).size).toBe(6)
})

function decodedArrays(message: ArrayBuffer): FrameArray[] {
  const decoded = decodeFrame(message)
  if (!decoded.ok || decoded.frame.type !== 'round') throw new Error('not decoded')
  return decoded.frame.arrays
}

function copy(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
