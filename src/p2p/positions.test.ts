import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { randomPositions, uniformFrom } from './messages.fixture.ts'
import { planPositions, readPositions, writePositions } from './positions.ts'
import { readRice } from './rice.ts'
import { readVarints, varintLength } from './varint.ts'

// Thousands of cases on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

function written(positions: Uint32Array, size: number) {
  const coding = planPositions(positions, size)
  if (!coding) throw new Error('no positions')
  const bytes = new Uint8Array(coding.bytes)
  writePositions(coding, bytes, positions)
  return { coding, bytes }
}

test('come back as they were, however they are written', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 5_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (seed, size, density) => {
      const positions = randomPositions(Math.round(density * size), size, uniformFrom(seed))
      const { coding, bytes } = written(positions, size)
      expect(readPositions(coding.name, coding.shift, bytes, positions.length, size)).toEqual(positions)
    }),
    { numRuns: 1_000 },
  )
})

test.each([
  ['clusters with long gaps', 'varint', 2 ** 28, Uint32Array.from({ length: 1_000 }, (_, i) => 2 ** 20 * (i >> 3) + (i & 7))],
  ['at random', 'rice', 10_000, randomPositions(100, 10_000, uniformFrom(1))],
  ['all', 'bitmap', 1_000, Uint32Array.from({ length: 1_000 }, (_, i) => i)],
  ['the last of a long vector', 'varint', 2 ** 28, Uint32Array.of(2 ** 28 - 1)],
  ['the first and the last of the longest', 'varint', 2 ** 32 - 1, Uint32Array.of(0, 2 ** 32 - 2)],
] as const)('the shortest way is taken: %s', (_, name, size, positions) => {
  const { coding, bytes } = written(positions, size)
  expect(coding.name).toBe(name)
  expect(readPositions(coding.name, coding.shift, bytes, positions.length, size)).toEqual(positions)
})

test('a gap takes as many bytes as it has groups of seven bits', () => {
  expect([0, 127, 128, 16_383, 16_384, 2 ** 21 - 1, 2 ** 21, 2 ** 28 - 1, 2 ** 28].map(varintLength)).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5])
})

test.each([
  ['twice the same', Uint32Array.of(1, 1)],
  ['descending', Uint32Array.of(2, 1)],
  ['beyond the vector', Uint32Array.of(1, 10)],
])('what does not ascend below the size has no plan: %s', (_, positions) => {
  expect(planPositions(positions, 10)).toBeNull()
})

describe('bytes that are not exactly the positions', () => {
  test('one byte less or more', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 2_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (seed, size, density) => {
        const positions = randomPositions(Math.round(density * size), size, uniformFrom(seed))
        const { coding, bytes } = written(positions, size)
        const read = (changed: Uint8Array) => readPositions(coding.name, coding.shift, changed, positions.length, size)
        if (bytes.length > 0) expect(read(bytes.subarray(0, -1))).toBeNull()
        expect(read(Uint8Array.of(...bytes, 0))).toBeNull()
      }),
      { numRuns: 300 },
    )
  })

  test('whatever is read ascends below the size, and is written in one way only', () => {
    const names = fc.constantFrom('bitmap', 'varint', 'rice' as const)
    const bytes = fc.uint8Array({ maxLength: 12 })
    fc.assert(
      fc.property(names, fc.nat(33), bytes, fc.nat(20), fc.nat(200), (name, shift, given, count, size) => {
        const positions = readPositions(name, shift, given, count, size)
        if (!positions) return
        expect(positions).toHaveLength(count)
        expect(planPositions(positions, size)).not.toBeNull()
        const again = new Uint8Array(given.length)
        writePositions({ name, shift, bytes: given.length }, again, positions)
        expect(again).toEqual(new Uint8Array(given))
      }),
      { numRuns: 20_000 },
    )
  })

  test('numbers without an end, longer than needed, and bits left over', () => {
    expect(readVarints(Uint8Array.of(0x80, 0x80), 1, 1_000)).toBeNull()
    expect(readVarints(Uint8Array.of(0x85, 0x00), 1, 1_000)).toBeNull()
    expect(readVarints(new Uint8Array(9).fill(0xff), 1, 2 ** 28)).toBeNull()
    expect(readRice(Uint8Array.of(0xff, 0xff), 1, 2 ** 28, 0)).toBeNull()
    expect(readRice(Uint8Array.of(0b11), 1, 2 ** 28, 31)).toBeNull()
    expect(readRice(Uint8Array.of(0b1000_0001), 1, 100, 0)).toBeNull()
  })
})
