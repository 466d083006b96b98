import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Message } from '../../message.ts'
import type { Vector, VectorSpace } from '../../vector.ts'
import { chooseBackend, openBackend } from '../index.ts'
import { plainVectors } from './vector.ts'

const SIZE = 7
let tfjs: VectorSpace
beforeAll(async () => {
  tfjs = (await openBackend(await chooseBackend('cpu'))).vectors(SIZE)
})

const value = fc.float({ noNaN: true, min: -1e4, max: 1e4 })
const values = fc.array(value, { minLength: SIZE, maxLength: SIZE }).map((list) => Float32Array.from(list))
const message: fc.Arbitrary<Message> = fc.oneof(
  values.map((values) => ({ kind: 'dense' as const, size: SIZE, values })),
  fc.uniqueArray(fc.nat(SIZE - 1)).chain((places) =>
    fc.array(value, { minLength: places.length, maxLength: places.length }).map((list) => ({
      kind: 'sparse' as const,
      size: SIZE,
      indices: Uint32Array.from(places.sort((a, b) => a - b)),
      values: Float32Array.from(list),
    })),
  ),
  fc.tuple(fc.nat(SIZE - 1), fc.array(value, { minLength: 1, maxLength: SIZE })).map(([start, list]) => ({
    kind: 'block' as const,
    size: SIZE,
    start,
    values: Float32Array.from(list),
  })),
)
type Operation = (v: Vector, w: Vector) => void
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.float({ noNaN: true, min: -2, max: 2 }).map(
    (a): Operation =>
      (v) =>
        v.scale(a),
  ),
  fc.float({ noNaN: true, min: -2, max: 2 }).map(
    (a): Operation =>
      (v, w) =>
        v.add(a, w),
  ),
  fc.tuple(fc.float({ noNaN: true, min: -2, max: 2 }), message).map(
    ([a, m]): Operation =>
      (v) =>
        v.addMessage(a, m),
  ),
  message.map(
    (m): Operation =>
      (v) =>
        v.zeroAt(m),
  ),
  fc.constant<Operation>((v, w) => v.set(w)),
  fc.constant<Operation>((v) => v.zero()),
)

describe('plain vectors', () => {
  it('do what tfjs vectors do, to the bit', () =>
    fc.assert(
      fc.asyncProperty(values, values, fc.array(operation, { maxLength: 12 }), async (first, second, operations) => {
        const results = await Promise.all(
          [tfjs, plainVectors(SIZE)].map(async (space) => {
            const [v, w] = [space.zeros(), space.zeros()]
            v.write(first)
            w.write(second)
            for (const apply of operations) apply(v, w)
            const read = [...(await v.read())]
            v.dispose()
            w.dispose()
            return read
          }),
        )
        // 0 and -0 are the same number.
        expect(results[1].map((x) => x + 0)).toEqual(results[0].map((x) => x + 0))
      }),
      { numRuns: 60 },
    ))

  it('give copies, keep none of the arrays they are given, and refuse other sizes', async () => {
    const v = plainVectors(2).zeros()
    const given = Float32Array.of(1, 2)
    v.write(given)
    given[0] = 9
    const read = await v.read()
    read[1] = 9
    expect([...(await v.read())]).toEqual([1, 2])
    expect(() => v.add(1, plainVectors(3).zeros())).toThrow('2 and 3')
    expect(() => v.write(new Float32Array(3))).toThrow('2')
    expect(() => v.addMessage(1, { kind: 'dense', size: 3, values: new Float32Array(3) })).toThrow(RangeError)
  })
})
