import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { Message } from '../engine/index.ts'
import { asReceived, planMessage, readMessage, writeMessage } from './codec.ts'
import { crc32 } from './crc32.ts'
import { decodeFrame, encodeFrame, type FrameArray, type RoundFrame } from './frame.ts'
import { MAX_ELEMENTS, padded } from './frame-layout.ts'
import { anyBits, bitsOf, dense, MESSAGE_KINDS, messagesOf, randomMessage, uniformFrom } from './messages.fixture.ts'

// Thousands of cases on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

function throughBytes(message: Message, float16 = false): Message | null {
  const plan = planMessage(message, float16)
  const buffer = new ArrayBuffer(8 + padded(plan.bytes))
  writeMessage(message, plan, buffer, 4)
  return readMessage(plan, message.size, buffer, 4)
}

describe('round trip', () => {
  test.each(MESSAGE_KINDS)('%s: sizes from 1 to 5,000, from nothing to everything, bit for bit', (kind) => {
    fc.assert(
      fc.property(messagesOf(kind, 5_000), (message) => {
        const read = throughBytes(message)
        expect(read && bitsOf(read)).toEqual(bitsOf(message))
      }),
      { numRuns: 300 },
    )
  })

  test('float16: what the sender holds to be received is received, and is received again unchanged', () => {
    fc.assert(
      fc.property(messagesOf('dense', 5_000), (message) => {
        const received = asReceived(message, true)
        const read = throughBytes(message, true)
        expect(read && bitsOf(read)).toEqual(bitsOf(received))
        expect(bitsOf(asReceived(received, true))).toEqual(bitsOf(received))
      }),
      { numRuns: 200 },
    )
  })

  test('a scale is received as float32', () => {
    const message: Message = { kind: 'byte', size: 2, scale: 0.1, codes: Int8Array.of(1, 2) }
    expect(throughBytes(message)).toEqual(asReceived(message))
    expect(asReceived(message)).toEqual({ ...message, scale: Math.fround(0.1) })
  })
})

describe('hostile frames', () => {
  const frameOf = (array: Omit<FrameArray, 'kind'>): RoundFrame => ({
    type: 'round',
    run: 1,
    view: 1,
    round: 0,
    phase: 0,
    operation: 'averageMessage',
    arrays: [{ kind: 'gradient', ...array }],
  })

  function withChecksum(buffer: ArrayBuffer): ArrayBuffer {
    new DataView(buffer).setUint32(28, crc32(new Uint8Array(buffer, 32), crc32(new Uint8Array(buffer, 0, 28))), true)
    return buffer
  }

  /** Memory behind an array that was read, beyond its message's own. */
  function extraBytes({ message }: FrameArray, buffer: ArrayBuffer): number {
    const parts = Object.values(message).filter((part) => ArrayBuffer.isView(part))
    return parts.reduce((sum, part) => sum + (part.buffer === buffer ? 0 : part.byteLength), 0)
  }

  /** One sparse message for each way to write positions, and every other sort. */
  function samples(uniform: () => number): Omit<FrameArray, 'kind'>[] {
    const clusters = Uint32Array.from({ length: 12 }, (_, i) => 4_000 * (i >> 2) + (i & 3))
    return [
      ...MESSAGE_KINDS.map((kind) => ({ message: randomMessage(kind, 60, 0.2, uniform) })),
      { message: randomMessage('sparse', 30, 1, uniform) },
      { message: { kind: 'sparse', size: 20_000, indices: clusters, values: anyBits(12, uniform) } },
      { message: randomMessage('dense', 41, 1, uniform), float16: true },
    ]
  }

  test('100,000 random, truncated and changed frames: nothing is thrown, nothing large is set aside', () => {
    const uniform = uniformFrom(7)
    const arrays = samples(uniform)
    const codecs = new Set(arrays.map(({ message, float16 }) => planMessage(message, float16).codec))
    expect([...codecs].sort()).toEqual(['bitmap', 'block', 'byte', 'float16', 'float32', 'rice', 'sign', 'varint'])
    const frames = arrays.map((array) => encodeFrame(frameOf(array)))
    const pick = (count: number) => Math.floor(uniform() * count)
    const before = process.memoryUsage().arrayBuffers
    let accepted = 0
    let mostExtra = 0
    let mostMemory = 0
    for (let i = 0; i < 100_000; i++) {
      const whole = frames[i % frames.length]
      let buffer = whole.slice(0)
      const bytes = new Uint8Array(buffer)
      switch (Math.floor(i / frames.length) % 4) {
        case 0: // random bytes behind a valid header
          for (let at = 32; at < bytes.length; at++) bytes[at] = uniform() * 256
          break
        case 1: // cut off, and consistent about it
          buffer = buffer.slice(0, 32 + pick(bytes.length - 32))
          new DataView(buffer).setUint32(24, buffer.byteLength, true)
          break
        case 2: // a few bits flipped in the table or in the content
          for (let flips = 1 + pick(4); flips > 0; flips--) bytes[32 + pick(bytes.length - 32)] ^= 1 << pick(8)
          break
        default: // one field of the entry
          new DataView(buffer).setUint32(32 + 4 * pick(4), uniform() * 2 ** 32, true)
      }
      const decoded = decodeFrame(withChecksum(buffer))
      if (decoded.ok && decoded.frame.type === 'round') {
        accepted++
        for (const array of decoded.frame.arrays) {
          // What is accepted is consistent: it can be written again.
          planMessage(array.message, array.float16)
          mostExtra = Math.max(mostExtra, extraBytes(array, buffer) / buffer.byteLength)
        }
      }
      if (i % 1_000 === 0) mostMemory = Math.max(mostMemory, process.memoryUsage().arrayBuffers - before)
    }
    expect(accepted).toBeGreaterThan(1_000)
    expect(mostExtra).toBeLessThan(2)
    expect(mostMemory).toBeLessThan(256 * 2 ** 20)
  })

  test('a vector of the largest size, named in a few bytes, takes a few bytes', () => {
    const sparse: Message = { kind: 'sparse', size: MAX_ELEMENTS, indices: Uint32Array.of(5), values: Float32Array.of(1) }
    const block: Message = { kind: 'block', size: MAX_ELEMENTS, start: MAX_ELEMENTS - 1, values: Float32Array.of(1, 2) }
    for (const message of [sparse, block]) {
      const buffer = encodeFrame(frameOf({ message }))
      const decoded = decodeFrame(buffer)
      if (!decoded.ok || decoded.frame.type !== 'round') throw new Error('not decoded')
      expect(bitsOf(decoded.frame.arrays[0].message)).toEqual(bitsOf(message))
      expect(extraBytes(decoded.frame.arrays[0], buffer)).toBeLessThan(100)
    }
    // Dense by its word, with four values behind it.
    for (const codec of [0, 1, 2, 3, 4, 6, 7]) {
      const buffer = encodeFrame(frameOf({ message: dense(1, 2, 3, 4) }))
      const view = new DataView(buffer)
      view.setUint8(33, codec)
      view.setUint32(36, MAX_ELEMENTS, true)
      const before = process.memoryUsage().arrayBuffers
      // A rice or varint entry with no values says nothing and is refused for its bytes left over.
      expect(decodeFrame(withChecksum(buffer))).toEqual({ ok: false, reason: 'content' })
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20)
    }
  })
})
