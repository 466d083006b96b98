import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { decode, type Message } from '../engine/index.ts'
import { combine, mean } from './combine.ts'
import { anyMessage, dense, MESSAGE_KINDS, randomMessage, uniformFrom, valueBits } from './messages.fixture.ts'

// Thousands of cases on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

/** The same arithmetic written down a second time, on whole vectors. */
function expected(messages: readonly Message[], size: number, weights: readonly number[], divisor: number): number[] {
  const vectors = messages.map(decode)
  return Array.from({ length: size }, (_, k) => {
    const sum = vectors.reduce((acc, vector, j) => Math.fround(acc + weights[j] * vector[k]), 0)
    return Math.fround(sum / divisor)
  })
}

const sparse = (size: number, ...entries: [number, number][]): Message => ({
  kind: 'sparse',
  size,
  indices: Uint32Array.from(entries, ([index]) => index),
  values: Float32Array.from(entries, ([, value]) => value),
})

test('by hand: sparse messages at the union of their positions', () => {
  expect(combine([sparse(9, [1, 2], [8, 4]), sparse(9, [1, 4]), sparse(9)], 9, [0.5, 0.25, 9])).toEqual(sparse(9, [1, 2], [8, 2]))
  expect(mean([sparse(9, [1, 2]), sparse(9, [1, -2], [3, 6])], 9)).toEqual(sparse(9, [1, 0], [3, 3]))
})

test('by hand: the same block stays a block, others become dense', () => {
  const block = (start: number, ...values: number[]): Message => ({ kind: 'block', size: 4, start, values: Float32Array.from(values) })
  expect(mean([block(3, 2, 4), block(3, 4, 8)], 4)).toEqual(block(3, 3, 6))
  expect(mean([block(3, 2, 4), block(2, 4, 8)], 4)).toEqual(dense(2, 0, 2, 5))
  expect(mean([block(3, 2, 4), block(3, 4)], 4)).toEqual(dense(2, 0, 0, 3))
  expect(mean([block(3, 2, 4), sparse(4, [1, 2])], 4)).toEqual(dense(2, 1, 0, 1))
})

test('by hand: quantized messages become dense', () => {
  const byte: Message = { kind: 'byte', size: 3, scale: 254, codes: Int8Array.of(-127, 0, 1) }
  const sign: Message = { kind: 'sign', size: 3, scale: 2, bits: Uint8Array.of(0b101) }
  expect(combine([byte, sign], 3, [1, 1])).toEqual(dense(-252, -2, 4))
})

test('nobody heard is zero everywhere', () => {
  expect(combine([], 2, [])).toEqual(dense(0, 0))
})

describe('on random messages', () => {
  const sizes = fc.record({ seed: fc.integer(), size: fc.integer({ min: 1, max: 300 }), count: fc.integer({ min: 1, max: 6 }) })
  const finite = (message: Message): Message =>
    'values' in message ? { ...message, values: message.values.map((value) => (Number.isFinite(value) ? value : 1)) } : message

  test.each([...MESSAGE_KINDS, 'any'] as const)('%s: the bits of the sum over whole vectors, in order', (kind) => {
    fc.assert(
      fc.property(sizes, fc.boolean(), ({ seed, size, count }, isMean) => {
        const uniform = uniformFrom(seed)
        const sort = () => (kind === 'any' ? MESSAGE_KINDS[Math.floor(uniform() * MESSAGE_KINDS.length)] : kind)
        const messages = Array.from({ length: count }, () => finite(randomMessage(sort(), size, uniform(), uniform)))
        const weights = messages.map(() => (isMean ? 1 : uniform()))
        const divisor = isMean ? count : 1
        const result = isMean ? mean(messages, size) : combine(messages, size, weights)
        expect(valueBits(decode(result))).toEqual(valueBits(Float32Array.from(expected(messages, size, weights, divisor))))
        if (kind === 'sparse') expect(result.kind).toBe('sparse')
      }),
      { numRuns: 200 },
    )
  })

  test('a sparse result names each position that any message names, once', () => {
    fc.assert(
      fc.property(sizes, ({ seed, size, count }) => {
        const uniform = uniformFrom(seed)
        const messages = Array.from({ length: count }, () => randomMessage('sparse', size, uniform(), uniform))
        const union = new Set(messages.flatMap((message) => (message.kind === 'sparse' ? [...message.indices] : [])))
        const result = mean(messages, size)
        expect(result.kind === 'sparse' && [...result.indices]).toEqual([...union].sort((a, b) => a - b))
      }),
      { numRuns: 300 },
    )
  })

  test('the result shares no memory with the messages', () => {
    fc.assert(
      fc.property(anyMessage(50), (message) => {
        const buffers = (of: Message) => Object.values(of).flatMap((part) => (ArrayBuffer.isView(part) ? [part.buffer] : []))
        const shared = buffers(mean([message], message.size)).filter((buffer) => buffers(message).includes(buffer))
        expect(shared).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})
