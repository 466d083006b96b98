import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Backend, chooseBackend, openBackend } from '../backends/index.ts'
import { decode, scalarCount } from '../message.ts'
import type { Vector } from '../vector.ts'
import { blockFrom, type CompressorConfig, compressorSchema, compressors, createCompressor, exactTopK } from './index.ts'
import { kthLargest, largestMagnitudes } from './select.ts'

let backend: Backend
beforeAll(async () => {
  backend = await openBackend(await chooseBackend('simd'))
})

function vectorOf(values: Float32Array): Vector {
  const v = backend.vectors(values.length).zeros()
  v.write(values)
  return v
}

// -0 and 0 are the same number here
const floats = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((value) => value + 0)
const vectors = fc.array(floats, { minLength: 1, maxLength: 300 }).map((values) => Float32Array.from(values))
const configs: CompressorConfig[] = compressors.map(({ id }) => compressorSchema.parse({ id }))
const place = (size: number) => ({ size, seed: 1, rank: 0 })

describe('selection', () => {
  it('finds the k-th largest, as sorting does', () => {
    fc.assert(
      fc.property(vectors, fc.nat(), (values, n) => {
        const k = 1 + (n % values.length)
        expect(kthLargest(values.slice(), k)).toBe([...values].sort((a, b) => b - a)[k - 1])
      }),
    )
  })

  it('takes exactly k positions, ascending, of the largest magnitudes, ties and zeros included', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1, -1, 2, -3, 0.5), { minLength: 1, maxLength: 60 }), fc.nat(), (list, n) => {
        const values = Float32Array.from(list)
        const k = 1 + (n % values.length)
        const indices = [...largestMagnitudes(values, k)]
        expect(indices).toHaveLength(k)
        expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b))
        const taken = indices.map((i) => Math.abs(values[i])).sort()
        const largest = [...values]
          .map(Math.abs)
          .sort((a, b) => b - a)
          .slice(0, k)
          .sort()
        expect(taken).toEqual(largest)
      }),
    )
  })
})

describe.each(configs)('$id', (config) => {
  it('leaves the vector alone, and what it sends plus the residual is the vector, to the last bit where values are sent as they are', async () => {
    await fc.assert(
      fc.asyncProperty(vectors, fc.nat(1000), async (values, step) => {
        const v = vectorOf(values)
        const message = await createCompressor(config, place(values.length)).compress(v, step)
        expect(await v.read()).toEqual(values)
        const sent = decode(message)
        const residual = await v.addMessage(-1, message).read()
        const exact = message.kind !== 'byte' && message.kind !== 'sign'
        values.forEach((value, i) => {
          if (exact) expect(residual[i] === 0 ? sent[i] : residual[i]).toBe(value)
          else expect(Math.abs(sent[i] + residual[i] - value)).toBeLessThanOrEqual(1e-6 * Math.max(Math.abs(value), Math.abs(sent[i])))
        })
        v.dispose()
      }),
      { numRuns: 40 },
    )
  })

  it('is the same for the same seed, rank and step', async () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i * i))
    const v = vectorOf(values)
    const [a, b] = [createCompressor(config, place(1000)), createCompressor(config, place(1000))]
    expect(await a.compress(v, 7)).toEqual(await b.compress(v, 7))
  })

  it('sends a zero vector as zeros', async () => {
    const message = await createCompressor(config, place(50)).compress(vectorOf(new Float32Array(50)), 0)
    expect(decode(message)).toEqual(new Float32Array(50))
  })
})

describe('what is special', () => {
  const normal = Float32Array.from(
    { length: 20_000 },
    (_, i) => Math.sin(i * 12.9898) * 43758.5453 - Math.floor(Math.sin(i * 12.9898) * 43758.5453) - 0.5,
  )

  it('top-k is delta-approximate: ||v - C(v)||^2 <= (1 - k/d) ||v||^2', async () => {
    await fc.assert(
      fc.asyncProperty(vectors, fc.nat(), async (values, n) => {
        const k = 1 + (n % values.length)
        const sent = decode(await exactTopK(k).compress(vectorOf(values), 0))
        const square = (list: Float32Array) => list.reduce((sum, value) => sum + value * value, 0)
        expect(square(values.map((value, i) => value - sent[i]))).toBeLessThanOrEqual((1 - k / values.length) * square(values) * (1 + 1e-6))
      }),
      { numRuns: 50 },
    )
  })

  it('sampled top-k sends about k entries, all of them among the large ones, and never more than 1.3 k', async () => {
    const compressor = createCompressor({ id: 'sampled-top-k', ratio: 0.01, sampleShare: 0.1 }, place(normal.length))
    const v = vectorOf(normal)
    const counts: number[] = []
    const smallest = Math.abs(normal[largestMagnitudes(normal, 600)[0]])
    for (let step = 0; step < 20; step++) {
      const message = await compressor.compress(v, step)
      if (message.kind !== 'sparse') throw new Error('expected a sparse message')
      counts.push(message.indices.length)
      for (const value of message.values) expect(Math.abs(value)).toBeGreaterThan(0.4)
    }
    expect(smallest).toBeGreaterThan(0.4)
    expect(Math.max(...counts)).toBeLessThanOrEqual(260)
    const mean = counts.reduce((a, b) => a + b) / counts.length
    expect(mean).toBeGreaterThan(120)
    expect(mean).toBeLessThan(260)
  })

  it('sampled top-k does not send everything when most entries are zero', async () => {
    const values = new Float32Array(10_000)
    values[17] = 3
    const message = await createCompressor({ id: 'sampled-top-k', ratio: 0.01, sampleShare: 0.05 }, place(10_000)).compress(
      vectorOf(values),
      0,
    )
    expect(message).toMatchObject({ kind: 'sparse', indices: Uint32Array.of(17), values: Float32Array.of(3) })
  })

  it('the block is the same on all workers, moves with the step, and goes round', async () => {
    const values = Float32Array.from({ length: 100 }, (_, i) => i)
    const at = (rank: number, step: number) =>
      createCompressor({ id: 'block', ratio: 0.3 }, { size: 100, seed: 5, rank }).compress(vectorOf(values), step)
    expect(await at(0, 3)).toEqual(await at(7, 3))
    expect(await at(0, 3)).not.toEqual(await at(0, 4))
    const message = await blockFrom(3, () => 99).compress(vectorOf(values), 0)
    expect(message).toEqual({ kind: 'block', size: 100, start: 99, values: Float32Array.of(99, 0, 1) })
    expect(decode(message)[99]).toBe(99)
    expect(decode(message)[1]).toBe(1)
  })

  it('counts floats as the GMC paper does', async () => {
    const v = vectorOf(Float32Array.from({ length: 320 }, (_, i) => i - 100.5))
    const count = async (config: CompressorConfig) => scalarCount(await createCompressor(config, place(320)).compress(v, 0))
    expect(await count({ id: 'top-k', ratio: 0.1 })).toBe(64)
    expect(await count({ id: 'block', ratio: 0.1 })).toBe(32)
    expect(await count({ id: 'identity' })).toBe(320)
    expect(await count({ id: 'byte' })).toBe(81)
    expect(await count({ id: 'sign' })).toBe(11)
  })

  it('zeroAt forgets what a message names, and addMessage refuses another size', async () => {
    const v = vectorOf(Float32Array.of(1, 2, 3, 4))
    v.zeroAt({ kind: 'sparse', size: 4, indices: Uint32Array.of(1, 3), values: Float32Array.of(9, 0) })
    expect([...(await v.read())]).toEqual([1, 0, 3, 0])
    expect(() => v.addMessage(1, { kind: 'dense', size: 3, values: new Float32Array(3) })).toThrow(/4 and a message of 3/)
  })
})
