import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { encodeFrame, type Frame, type FrameArray } from './frame.ts'
import { countByKind, countFrame } from './frame-count.ts'
import { totalBytes, zeroPayload } from './ledger.ts'
import { anyMessage, dense, randomMessage, uniformFrom } from './messages.fixture.ts'

// Thousands of cases on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const frameOf = (...arrays: FrameArray[]): Frame => ({
  type: 'round',
  run: 1,
  view: 1,
  round: 0,
  phase: 0,
  operation: 'average',
  arrays,
})
const model: FrameArray = { kind: 'model', message: dense(1, 2, 3) }
const evaluation: FrameArray = { kind: 'evaluation', message: dense(4) }

test('values are payload, those for evaluation control, the rest framing', () => {
  expect(countFrame(encodeFrame(frameOf(model, evaluation)), 16)).toEqual({ payload: 12, control: 4, framing: 32 + 2 * 16 + 16 })
})

test('a frame without training values is all control', () => {
  expect(countFrame(encodeFrame(frameOf(evaluation)), 16)).toEqual({ payload: 0, framing: 0, control: 32 + 16 + 4 + 16 })
  expect(countFrame(encodeFrame({ type: 'settle', run: 1, view: 1, step: 1 }), 16)).toEqual({ payload: 0, framing: 0, control: 48 })
})

test('payload is the encoded bytes by formula, and zeros that fill up are framing', () => {
  const size = 1_001
  const uniform = uniformFrom(1)
  const payloads = {
    float32: [{ message: randomMessage('dense', size, 1, uniform) }, 4 * size],
    float16: [{ message: randomMessage('dense', size, 1, uniform), float16: true }, 2 * size],
    block: [{ message: randomMessage('block', size, 0.1, uniform) }, 4 * 100],
    byte: [{ message: randomMessage('byte', size, 1, uniform) }, 4 + size],
    sign: [{ message: randomMessage('sign', size, 1, uniform) }, 4 + Math.ceil(size / 8)],
    bitmap: [{ message: randomMessage('sparse', size, 1, uniform) }, 4 * size + Math.ceil(size / 8)],
    varint: [{ message: { kind: 'sparse', size, indices: Uint32Array.of(1_000), values: Float32Array.of(1) } }, 4 + 2],
  } satisfies Record<string, [Omit<FrameArray, 'kind'>, number]>
  for (const [array, bytes] of Object.values(payloads)) {
    const message = encodeFrame(frameOf({ kind: 'residual', ...array }))
    expect(countFrame(message, 16)).toEqual({ payload: bytes, framing: 32 + 16 + 16 + ((4 - (bytes % 4)) % 4), control: 0 })
    expect(countByKind(message)).toEqual({ ...zeroPayload(), residual: bytes })
  }
})

test('by kind they add up to the payload', () => {
  const kind = fc.constantFrom('model', 'momentum', 'tracker', 'gradient', 'residual', 'evaluation', 'state' as const)
  fc.assert(
    fc.property(fc.array(fc.record({ kind, message: anyMessage(40) }), { maxLength: 6 }), (arrays) => {
      const message = encodeFrame(frameOf(...arrays))
      const byKind = countByKind(message)
      expect(Object.values(byKind).reduce((a, b) => a + b)).toBe(countFrame(message, 0).payload)
      for (const [name, bytes] of Object.entries(byKind)) if (!arrays.some((array) => array.kind === name)) expect(bytes).toBe(0)
    }),
    { numRuns: 1_000 },
  )
})

test('every byte is counted once, whatever the message is', () => {
  const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
  const message = fc.oneof(
    fc
      .array(fc.record({ kind: fc.constantFrom('model', 'evaluation' as const), message: anyMessage(40) }))
      .map((arrays) => encodeFrame(frameOf(...arrays))),
    fc.uint8Array({ maxLength: 100 }).map((bytes) => new Uint8Array(bytes).buffer),
    fc.tuple(uint32, fc.nat(19)).map(([value, word]) => {
      const buffer = encodeFrame(frameOf(model, evaluation))
      new DataView(buffer).setUint32(4 * word, value, true)
      return buffer
    }),
  )
  fc.assert(
    fc.property(message, fc.nat(100), (buffer, headers) => {
      const count = countFrame(buffer, headers)
      expect(totalBytes(count)).toBe(buffer.byteLength + headers)
      expect(Math.min(...Object.values(count), ...Object.values(countByKind(buffer)))).toBeGreaterThanOrEqual(0)
    }),
    { numRuns: 3_000 },
  )
})
