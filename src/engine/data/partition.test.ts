import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { partition } from './partition.ts'
import { EXPECTED_DIGEST, partitionsDigest } from './partition-digest.fixture.ts'

const even = (classes: number, each: number) => new Array<number>(classes).fill(each)

describe('partition', () => {
  it('is disjoint, complete up to the remainder, and equal in size', () => {
    fc.assert(
      fc.property(
        fc.record({
          classCounts: fc
            .array(fc.integer({ min: 0, max: 300 }), { minLength: 2, maxLength: 12 })
            .filter((counts) => counts.reduce((a, b) => a + b) >= 400),
          workers: fc.integer({ min: 1, max: 25 }),
          scheme: fc.constantFrom('iid' as const, 'dirichlet' as const),
          alpha: fc.double({ min: 0.3, max: 100, noNaN: true }),
          seed: fc.nat(),
        }),
        (options) => {
          const { shardSize, counts, pieces } = partition(options)
          const total = options.classCounts.reduce((a, b) => a + b)
          expect(shardSize).toBe(Math.floor(total / options.workers))
          const seen = new Set<string>()
          pieces.forEach((list, worker) => {
            let size = 0
            for (const { class: label, start, count } of list) {
              for (let i = start; i < start + count; i++) {
                expect(i).toBeLessThan(options.classCounts[label])
                seen.add(`${label}/${i}`)
              }
              size += count
            }
            expect(size).toBe(shardSize)
            expect(counts[worker].reduce((a, b) => a + b)).toBe(shardSize)
          })
          expect(seen.size).toBe(shardSize * options.workers)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('ends when the classes that are left have no pictures', () => {
    const { counts } = partition({ classCounts: [400, 0], workers: 1, scheme: 'dirichlet', alpha: 1, seed: 1 })
    expect(counts).toEqual([[400, 0]])
  })

  it('is the same for the same seed and another for another', () => {
    const options = { classCounts: even(10, 1000), workers: 8, scheme: 'dirichlet' as const, alpha: 0.5 }
    expect(partition({ ...options, seed: 1 })).toEqual(partition({ ...options, seed: 1 }))
    expect(partition({ ...options, seed: 1 }).counts).not.toEqual(partition({ ...options, seed: 2 }).counts)
  })

  it('skews more the smaller alpha is: ALGORITHMS.md section 8 has 5.8 classes at 0.1 on 8 workers', () => {
    const present = (alpha: number) => {
      const seeds = Array.from({ length: 40 }, (_, seed) => seed)
      const means = seeds.map((seed) => {
        const { counts } = partition({ classCounts: even(10, 5000), workers: 8, scheme: 'dirichlet', alpha, seed })
        return counts.flat().filter((count) => count > 0).length / 8
      })
      return means.reduce((a, b) => a + b) / means.length
    }
    expect(present(0.1)).toBeGreaterThan(5)
    expect(present(0.1)).toBeLessThan(6.6)
    expect(present(100)).toBeGreaterThan(9.9)
  })

  it('iid gives every worker nearly the same classes', () => {
    const { counts } = partition({ classCounts: even(10, 1000), workers: 4, scheme: 'iid', alpha: 1, seed: 3 })
    for (const count of counts.flat()) expect(Math.abs(count - 250)).toBeLessThan(60)
  })

  it('refuses what cannot be, with advice', () => {
    const options = { classCounts: even(10, 1), workers: 4, scheme: 'dirichlet' as const, alpha: 1, seed: 0 }
    expect(() => partition({ ...options, alpha: 0 })).toThrow(/alpha: got 0/)
    expect(() => partition({ ...options, alpha: Number.NaN })).toThrow(/alpha: got NaN/)
    expect(() => partition({ ...options, workers: 11 })).toThrow(/workers: got 11 for 10 pictures; take at most 10/)
    expect(() => partition({ ...options, workers: 0 })).toThrow(/workers: got 0/)
  })
})

it('deals the same shards in every JavaScript engine', () => expect(partitionsDigest()).toBe(EXPECTED_DIGEST))
