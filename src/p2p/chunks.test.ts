import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import {
  CHUNK_HEADER_BYTES,
  type ChunkFault,
  cutIntoChunks,
  DEFAULT_CHUNK_BYTES,
  framingBytes,
  type MessageKind,
  type Reassembled,
  Reassembler,
} from './chunks.ts'

// Thousands of cases on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const numbered = (length: number, first = 0): ArrayBuffer => Uint8Array.from({ length }, (_, i) => first + i).buffer
const cut = (kind: MessageKind, id: number, message: ArrayBuffer, chunkBytes?: number) => [...cutIntoChunks(kind, id, message, chunkBytes)]
const feed = (reassembler: Reassembler, chunks: ArrayBuffer[]): Reassembled[] => chunks.map((chunk) => reassembler.accept(chunk))
const faults = (results: Reassembled[]) => results.flatMap(({ fault }) => fault ?? [])

describe('round trip', () => {
  test('whole messages come out, of any length and chunk size, and the headers are as many bytes as framingBytes says', () => {
    const message = fc.tuple(fc.constantFrom('frame', 'control' as const), fc.uint8Array({ maxLength: 300 }))
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.integer({ min: 17, max: 100 }), (messages, chunkBytes) => {
        const reassembler = new Reassembler()
        messages.forEach(([kind, content], id) => {
          const bytes = new Uint8Array(content).buffer
          const chunks = cut(kind, id, bytes, chunkBytes)
          expect(chunks.every((chunk) => chunk.byteLength <= chunkBytes)).toBe(true)
          expect(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0)).toBe(
            bytes.byteLength + framingBytes(bytes.byteLength, chunkBytes),
          )
          const results = feed(reassembler, chunks)
          expect(results.pop()).toEqual({ fault: undefined, message: { kind, bytes } })
          expect(results.every((result) => !result.message && !result.fault)).toBe(true)
        })
        expect(reassembler.heldBytes).toBe(0)
      }),
      { numRuns: 1_000 },
    )
  })

  test('a message of several MiB comes out in a buffer of exactly its length', () => {
    const bytes = new Uint8Array(5_000_003).map((_, i) => i * 31).buffer
    const chunks = cut('frame', 1, bytes)
    expect(chunks[0].byteLength).toBe(DEFAULT_CHUNK_BYTES)
    const { message } = feed(new Reassembler(), chunks).at(-1) ?? {}
    expect(message?.bytes.byteLength).toBe(bytes.byteLength)
    expect(Buffer.compare(Buffer.from(message?.bytes ?? new ArrayBuffer()), Buffer.from(bytes))).toBe(0)
  })
})

describe('what goes wrong', () => {
  const [a, b, c] = cut('frame', 7, numbered(30), 26)
  const field = (chunk: ArrayBuffer, write: (view: DataView) => void): ArrayBuffer => {
    const changed = chunk.slice(0)
    write(new DataView(changed))
    return changed
  }

  const cases: [string, ArrayBuffer[], ChunkFault[]][] = [
    ['too short for a header', [new ArrayBuffer(15)], ['not-a-chunk']],
    ['another version', [field(a, (view) => view.setUint8(0, 9))], ['not-a-chunk']],
    ['an unknown kind', [field(a, (view) => view.setUint8(1, 3))], ['not-a-chunk']],
    ['a used reserve', [field(a, (view) => view.setUint8(2, 1))], ['not-a-chunk']],
    ['a message over the cap', [field(a, (view) => view.setUint32(8, 2 ** 32 - 1, true)), b, c], ['too-large']],
    ['a missing chunk', [a, c], ['out-of-order']],
    ['a repeated chunk', [a, b, b, c], ['out-of-order']],
    ['a missing beginning', [b, c], ['out-of-order']],
    ['a chunk of another message', [a, field(b, (view) => view.setUint32(4, 8, true)), b], ['out-of-order']],
    ['another length', [a, field(b, (view) => view.setUint32(8, 29, true)), c], ['inconsistent']],
    ['another kind', [a, field(b, (view) => view.setUint8(1, 1)), c], ['inconsistent']],
    ['more bytes than announced', [field(a, (view) => view.setUint32(8, 5, true))], ['inconsistent']],
    ['no progress', [field(a, (view) => view.setUint32(8, 5, true)).slice(0, 16)], ['inconsistent']],
    ['a new message too early', [a, a, b, c], ['interrupted']],
  ]
  test.each(cases)('%s is reported once, and the next message is read', (_, chunks, expected) => {
    const reassembler = new Reassembler()
    expect(faults(feed(reassembler, chunks))).toEqual(expected)
    const last = feed(reassembler, cut('control', 100, numbered(40), 26)).at(-1)
    expect(last).toEqual({ message: { kind: 'control', bytes: numbered(40) } })
  })

  test('an interrupting message of one chunk is returned together with the fault', () => {
    const reassembler = new Reassembler()
    reassembler.accept(a)
    expect(reassembler.accept(cut('control', 8, numbered(3))[0])).toEqual({
      fault: 'interrupted',
      message: { kind: 'control', bytes: numbered(3) },
    })
  })

  test('a message whose next chunk is overdue is given up', () => {
    let now = 1_000
    const reassembler = new Reassembler({ now: () => now, deadlineMs: 500 })
    reassembler.accept(a)
    now += 500
    expect(reassembler.expire()).toBeUndefined()
    expect(reassembler.accept(b)).toEqual({})
    now += 501
    expect(reassembler.accept(c)).toEqual({ fault: 'deadline' })
    reassembler.accept(a)
    now += 501
    expect(reassembler.expire()).toBe('deadline')
    expect(reassembler.expire()).toBeUndefined()
    expect(reassembler.heldBytes).toBe(0)
    expect(reassembler.accept(b)).toEqual({})
  })

  test('memory follows what has arrived, not what was announced', () => {
    const reassembler = new Reassembler()
    const announced = field(new Uint8Array(CHUNK_HEADER_BYTES + 10).fill(0).buffer, (view) => {
      view.setUint8(0, 1)
      view.setUint8(1, 2)
      view.setUint32(8, 60 * 2 ** 20, true)
    })
    expect(reassembler.accept(announced)).toEqual({ fault: undefined })
    expect(reassembler.heldBytes).toBe(2 ** 20)
  })

  test('arbitrary chunks never throw, nothing is held beyond the cap, and no message is longer than it', () => {
    const header = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 3 }), fc.nat(2), fc.nat(30), fc.nat(30), fc.nat(20))
    const chunk = fc.oneof(
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => new Uint8Array(bytes).buffer) },
      {
        weight: 4,
        arbitrary: header.map(([version, kind, id, length, offset, bytes]) =>
          field(new ArrayBuffer(CHUNK_HEADER_BYTES + bytes), (view) => {
            view.setUint8(0, version)
            view.setUint8(1, kind)
            view.setUint32(4, id, true)
            view.setUint32(8, length, true)
            view.setUint32(12, offset, true)
          }),
        ),
      },
    )
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 30 }), (chunks) => {
        const reassembler = new Reassembler({ maxMessageBytes: 25 })
        for (const result of feed(reassembler, chunks)) expect(result.message?.bytes.byteLength ?? 0).toBeLessThanOrEqual(25)
        expect(reassembler.heldBytes).toBeLessThanOrEqual(25)
      }),
      { numRuns: 5_000 },
    )
  })
})
