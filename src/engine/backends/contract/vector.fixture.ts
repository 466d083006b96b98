import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Message } from '../../message.ts'
import { randomStream } from '../../random.ts'
import type { Vector, VectorSpace } from '../../vector.ts'
import { type Backend, chooseBackend, openBackend, plainVectors } from '../index.ts'
import { expectClose } from './float64.fixture.ts'
import type { Target } from './target.fixture.ts'
import { noise } from './trial.fixture.ts'

/** Something done to v, with another vector at hand. */
type Operation = (v: Vector, w: Vector) => void

const number = fc.float({ noNaN: true, min: -1, max: 1 })
const floats = (size: number) => fc.array(number, { minLength: size, maxLength: size }).map((list) => Float32Array.from(list))

function messageOf(size: number): fc.Arbitrary<Message> {
  return fc.oneof(
    floats(size).map((values) => ({ kind: 'dense' as const, size, values })),
    fc
      .uniqueArray(fc.nat(size - 1))
      .chain((places) => floats(places.length).map((values) => ({ indices: Uint32Array.from(places).sort(), values })))
      .map((rest) => ({ kind: 'sparse' as const, size, ...rest })),
    fc
      .tuple(fc.nat(size - 1), fc.nat(size))
      .chain(([start, length]) => floats(length).map((values) => ({ kind: 'block' as const, size, start, values }))),
    fc
      .tuple(number, fc.array(fc.integer({ min: -127, max: 127 }), { minLength: size, maxLength: size }))
      .map(([scale, codes]) => ({ kind: 'byte' as const, size, scale, codes: Int8Array.from(codes) })),
    fc
      .tuple(number, fc.uint8Array({ minLength: Math.ceil(size / 8), maxLength: Math.ceil(size / 8) }))
      .map(([scale, bits]) => ({ kind: 'sign' as const, size, scale, bits })),
  )
}

function operationOf(size: number): fc.Arbitrary<Operation> {
  const on = <T>(arbitrary: fc.Arbitrary<T>, operation: (given: T, v: Vector, w: Vector) => void) =>
    arbitrary.map(
      (given): Operation =>
        (v, w) =>
          operation(given, v, w),
    )
  const operation = fc.oneof(
    on(number, (a, v) => v.scale(a)),
    on(number, (a, v, w) => v.add(a, w)),
    on(number, (a, v) => v.add(a, v).scale(0.5)),
    { weight: 4, arbitrary: on(fc.tuple(number, messageOf(size)), ([a, m], v) => v.addMessage(a, m)) },
    { weight: 2, arbitrary: on(messageOf(size), (m, v) => v.zeroAt(m)) },
    on(fc.constant(null), (_, v, w) => v.set(w)),
    on(fc.constant(null), (_, v) => v.set(v)),
    on(fc.constant(null), (_, v) => v.zero()),
    on(floats(size), (values, v) => v.write(values)),
  )
  return on(fc.tuple(operation, fc.boolean()), ([apply, swapped], v, w) => (swapped ? apply(w, v) : apply(v, w)))
}

/** Both vectors after the operations, with nothing read before. */
async function apply(space: VectorSpace, operations: Operation[]): Promise<Float32Array[]> {
  const [v, w] = [space.zeros(), space.zeros()]
  for (const operation of operations) operation(v, w)
  const values = await Promise.all([v.read(), w.read()])
  v.dispose()
  w.dispose()
  return values
}

/** Vectors against plain ones. */
export function vectorContract({ name: target }: Target): void {
  let backend: Backend
  beforeAll(async () => {
    backend = await openBackend(await chooseBackend(target))
  })

  async function expectAsPlain(size: number, operations: Operation[]): Promise<void> {
    const expected = await apply(plainVectors(size), operations)
    const found = await apply(backend.vectors(size), operations)
    // A device may multiply and add in one rounding.
    for (const [i, values] of found.entries()) expectClose(values, expected[i], 'vw'[i], { terms: 1 })
  }

  describe('vectors', () => {
    it('do what plain vectors do, in sizes that divide by 4 and that do not', () => {
      const cases = fc
        .constantFrom(1, 2, 3, 4, 7, 64, 65, 130)
        .chain((size) => fc.tuple(fc.constant(size), fc.array(operationOf(size), { maxLength: 40, size: 'max' })))
      return fc.assert(
        fc.asyncProperty(cases, ([size, operations]) => expectAsPlain(size, operations)),
        { seed: 1, numRuns: 60, endOnFailure: true },
      )
    })

    it('hand out samples and what reaches a threshold as plain vectors do', () => {
      const cases = fc.record({
        // Few values, so that some are equal and some are zero.
        values: fc.array(fc.constantFrom(0, -0, 1, -1, 0.5, -2, 3), { minLength: 1, maxLength: 300, size: 'max' }),
        threshold: fc.constantFrom(0, 0.5, 1, 2, 3, 4),
        most: fc.constantFrom(0, 1, 30, 300),
        ...{ start: fc.nat(299), stride: fc.integer({ min: 1, max: 7 }) },
      })
      return fc.assert(
        fc.asyncProperty(cases, async ({ values, threshold, most, start, stride }) => {
          const [found, expected] = await Promise.all(
            [backend.vectors(values.length), plainVectors(values.length)].map(async (space) => {
              const v = space.zeros()
              v.write(Float32Array.from(values))
              const results = {
                sample: await v.sample(start % values.length, stride, Math.ceil(values.length / stride)),
                reaching: await v.reaching(threshold, most),
              }
              v.dispose()
              return results
            }),
          )
          expect(found).toEqual(expected)
        }),
        { seed: 1, numRuns: 60, endOnFailure: true },
      )
    })

    it('take more before one read than a submission uploads', async () => {
      const size = 700_001
      const random = randomStream(1, 'uploads')
      const values = noise(random, size)
      const indices = Uint32Array.from({ length: size / 2 }, (_, i) => 2 * i + 1)
      const dense: Message = { kind: 'dense', size, values }
      const sparse: Message = { kind: 'sparse', size, indices, values: values.subarray(0, indices.length) }
      const block: Message = { kind: 'block', size, start: size - 300_000, values: values.subarray(0, 600_000) }
      await expectAsPlain(size, [
        (v, w) => v.addMessage(1, dense).addMessage(-0.5, block) && w.addMessage(1, sparse),
        (v, w) => v.add(0.5, w) && w.write(values),
        (v, w) => v.addMessage(0.25, sparse) && w.zeroAt(block).add(2, v),
        (v, w) => w.zeroAt(sparse).addMessage(1, dense) && v.add(-1, w),
      ])
    })

    it('take tens of thousands of operations before one read', async () => {
      const space = backend.vectors(3)
      const [v, w] = [space.zeros(), space.zeros()]
      w.write(Float32Array.of(1, 2, 3))
      for (let i = 0; i < 40_000; i++) v.add(1, w)
      expect([...(await v.read())]).toEqual([40_000, 80_000, 120_000])
    })

    it('can be longer than a row of workgroups', async () => {
      const size = 65_535 * 64 * 4 + 6
      const v = backend.vectors(size).zeros()
      v.addMessage(1, { kind: 'sparse', size, indices: Uint32Array.of(0, size - 1), values: Float32Array.of(1, 2) }).scale(3)
      const values = await v.read()
      v.dispose()
      expect([values[0], values[1], values[size - 2], values[size - 1]]).toEqual([3, 0, 0, 6])
    })

    it('are read as they are when asked, whatever is recorded afterwards', async () => {
      const space = backend.vectors(2)
      const [v, w] = [space.zeros(), space.zeros()]
      v.write(Float32Array.of(1, 2))
      const first = v.read()
      const second = v.scale(10).read()
      w.add(1, v)
      v.dispose()
      expect([await first, await second, await w.read()].map((values) => [...values])).toEqual([
        [1, 2],
        [10, 20],
        [10, 20],
      ])
    })

    it('give copies, keep none of the arrays they are given, and refuse other sizes', async () => {
      const v = backend.vectors(2).zeros()
      const given = Float32Array.of(1, 2)
      v.write(given)
      given[0] = 9
      const read = await v.read()
      read[1] = 9
      expect([...(await v.read())]).toEqual([1, 2])
      expect(() => v.add(1, backend.vectors(3).zeros())).toThrow('2 and 3')
      expect(() => v.set(backend.vectors(3).zeros())).toThrow('2 and 3')
      expect(() => v.write(new Float32Array(3))).toThrow('2')
      expect(() => v.addMessage(1, { kind: 'dense', size: 3, values: new Float32Array(3) })).toThrow(RangeError)
    })
  })
}
