import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { crc32 } from './crc32.ts'
import { countFrame, decodeFrame, encodeFrame, type Frame, type FrameFault, MAX_MESSAGE_BYTES, type RoundFrame, runHash } from './frame.ts'

// Thousands of cases on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const kind = fc.constantFrom('model', 'momentum', 'tracker', 'gradient', 'residual', 'evaluation' as const)
const roundFrame = fc.record({
  type: fc.constant('round' as const),
  run: uint32,
  view: uint32,
  round: uint32,
  operation: fc.constantFrom('mix', 'average' as const),
  arrays: fc.array(fc.record({ kind, values: fc.float32Array({ maxLength: 40 }) }), { maxLength: 5 }),
})
const settleFrame = fc.record({ type: fc.constant('settle' as const), run: uint32, view: uint32, step: uint32 })
const anyFrame: fc.Arbitrary<Frame> = fc.oneof({ weight: 5, arbitrary: roundFrame }, { weight: 1, arbitrary: settleFrame })

const sample: RoundFrame = {
  type: 'round',
  run: runHash('a run'),
  view: 3,
  round: 17,
  operation: 'mix',
  arrays: [
    { kind: 'model', values: new Float32Array([1, -2, 3]) },
    { kind: 'evaluation', values: new Float32Array([4]) },
  ],
}

/** Writes a field and a checksum that fits, as a faulty but consistent sender would. */
function tamper(frame: Frame, write: (view: DataView) => void): ArrayBuffer {
  const buffer = encodeFrame(frame)
  const view = new DataView(buffer)
  write(view)
  view.setUint32(28, crc32(new Uint8Array(buffer, 32), crc32(new Uint8Array(buffer, 0, 28))), true)
  return buffer
}

describe('round trip', () => {
  test('returns what was encoded, bit for bit, with NaN, infinities and empty arrays', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const decoded = decodeFrame(encodeFrame(frame))
        expect(decoded).toEqual({ ok: true, frame })
        if (!decoded.ok || decoded.frame.type !== 'round' || frame.type !== 'round') return
        decoded.frame.arrays.forEach(({ values }, i) => {
          expect(bits(values)).toEqual(bits(frame.arrays[i].values))
        })
      }),
      { numRuns: 1_000 },
    )
  })

  test('keeps the payload of a NaN and the sign of zero', () => {
    const values = new Float32Array(new Uint32Array([0x7fc12345, 0xffc00001, 0x80000000, 0x7f800000]).buffer)
    const decoded = decodeFrame(encodeFrame({ ...sample, arrays: [{ kind: 'model', values }] }))
    if (!decoded.ok || decoded.frame.type !== 'round') throw new Error('not decoded')
    expect(bits(decoded.frame.arrays[0].values)).toEqual(bits(values))
  })

  test('gives views of the message, not copies', () => {
    const message = encodeFrame(sample)
    const decoded = decodeFrame(message)
    if (!decoded.ok || decoded.frame.type !== 'round') throw new Error('not decoded')
    expect(decoded.frame.arrays.every(({ values }) => values.buffer === message)).toBe(true)
  })

  test('writes little-endian', () => {
    const bytes = new Uint8Array(encodeFrame(sample))
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe('TSWF')
    expect([...bytes.subarray(12, 20)]).toEqual([3, 0, 0, 0, 17, 0, 0, 0])
    expect([...bytes.subarray(56, 60)]).toEqual([0, 0, 0x80, 0x3f])
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

  test('random fields behind a valid checksum never throw and never reach outside the message', () => {
    const field = fc.tuple(fc.integer({ min: 4, max: 79 }), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 12 }), (fields) => {
        const buffer = tamper({ ...sample, arrays: [...sample.arrays, ...sample.arrays] }, (view) => {
          for (const [offset, value] of fields) view.setUint8(offset, value)
        })
        const decoded = decodeFrame(buffer)
        expect(() => countFrame(buffer, 0)).not.toThrow()
        if (decoded.ok && decoded.frame.type === 'round')
          for (const { values } of decoded.frame.arrays)
            expect(values.byteOffset + values.byteLength).toBeLessThanOrEqual(buffer.byteLength)
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
    const message = encodeFrame(sample)
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
    ['version', tamper(sample, (view) => view.setUint8(4, 2))],
    ['type', tamper(sample, (view) => view.setUint8(5, 3))],
    ['operation', tamper(sample, (view) => view.setUint8(6, 3))],
    ['operation', tamper(settle, (view) => view.setUint8(6, 1))],
    ['reserved', tamper(sample, (view) => view.setUint8(7, 1))],
    ['reserved', tamper(sample, (view) => view.setUint16(34, 1))],
    ['length', tamper(sample, (view) => view.setUint32(24, 4, true))],
    ['arrays', tamper(sample, (view) => view.setUint32(20, 2 ** 32 - 1, true))],
    ['arrays', tamper(sample, (view) => view.setUint32(20, 1, true))],
    ['arrays', tamper(settle, (view) => view.setUint32(20, 1, true))],
    ['kind', tamper(sample, (view) => view.setUint8(32, 0))],
    ['codec', tamper(sample, (view) => view.setUint8(33, 1))],
    ['arrays', tamper(sample, (view) => view.setUint32(36, 4, true))],
    ['arrays', tamper(sample, (view) => view.setUint32(40, 2 ** 32 - 4, true))],
  ]
  test.each(cases)('names the fault: %s', (reason, message) => {
    expect(decodeFrame(message)).toEqual({ ok: false, reason })
  })
})

describe('what is refused to be written', () => {
  test('a frame over the cap', () => {
    const values = new Float32Array(MAX_MESSAGE_BYTES / 8)
    const arrays = [1, 2].map(() => ({ kind: 'model' as const, values }))
    expect(() => encodeFrame({ ...sample, arrays })).toThrow(expect.objectContaining({ kind: 'too-large' }))
  })

  test.each([-1, 0.5, 2 ** 32, Number.NaN])('a step of %s', (step) => {
    expect(() => encodeFrame({ type: 'settle', run: 1, view: 1, step })).toThrow(expect.objectContaining({ kind: 'out-of-range' }))
  })
})

describe('counting', () => {
  test('values are payload, those for evaluation control, the rest framing', () => {
    expect(countFrame(encodeFrame(sample), 16)).toEqual({ payload: 12, control: 4, framing: 32 + 2 * 12 + 16 })
  })

  test('a frame without training values is all control', () => {
    expect(countFrame(encodeFrame({ ...sample, arrays: [sample.arrays[1]] }), 16)).toEqual({
      payload: 0,
      framing: 0,
      control: 32 + 12 + 4 + 16,
    })
    expect(countFrame(encodeFrame({ type: 'settle', run: 1, view: 1, step: 1 }), 16)).toEqual({ payload: 0, framing: 0, control: 48 })
  })

  test('every byte is counted once, whatever the message is', () => {
    const message = fc.oneof(
      anyFrame.map(encodeFrame),
      fc.uint8Array({ maxLength: 100 }).map(copy),
      fc.tuple(uint32, fc.nat(17)).map(([value, word]) => tamper(sample, (view) => view.setUint32(4 * word, value, true))),
    )
    fc.assert(
      fc.property(message, fc.nat(100), (buffer, headers) => {
        const { payload, framing, control } = countFrame(buffer, headers)
        expect(payload + framing + control).toBe(buffer.byteLength + headers)
        expect(Math.min(payload, framing, control)).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 2_000 },
    )
  })
})

test('the run hash depends on every character', () => {
  expect(new Set(['', 'a', 'b', 'ab', 'ba', 'é'].map(runHash)).size).toBe(6)
})

function bits(values: Float32Array): number[] {
  return [...new Uint32Array(values.slice().buffer)]
}

function copy(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
