import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { modelNames } from '../config.ts'
import { buildModel } from '../models/index.ts'
import { compilePlan } from './compile.ts'
import { layOut, type Memory } from './memory.ts'
import { type Operation, type Region, regionsOf } from './operations.ts'

/** Regions that share a slot while both are alive, or do not fit into theirs. */
function conflicts(operations: Operation[], kept: Region[], { slots, slotOf }: Memory): string[] {
  /** latest region of each slot, with its last operation */
  const tenants = new Map<number, { region: Region; until: number }>()
  const lastUse = (region: Region) =>
    kept.includes(region) ? operations.length : operations.findLastIndex((operation) => regionsOf(operation).includes(region))
  const found: string[] = []
  operations.forEach((operation, at) => {
    for (const region of regionsOf(operation)) {
      const slot = slotOf.get(region.id) as number
      const tenant = tenants.get(slot)
      if (tenant?.region === region) continue
      if (tenant && tenant.until >= at) found.push(`${tenant.region.name} and ${region.name}`)
      if (slots[slot] < region.size) found.push(`${region.name} is too large`)
      tenants.set(slot, { region, until: lastUse(region) })
    }
  })
  return found
}

describe('memory of a plan', () => {
  it.each(modelNames)('no two regions of %s share a slot while both are needed', (name) => {
    for (const purpose of ['gradient', 'evaluation', 'logits'] as const) {
      const { operations, memory, logits, results } = compilePlan(buildModel(name, 10), 3, purpose)
      expect(conflicts(operations, results ? [logits, results] : [logits], memory)).toEqual([])
    }
  })

  it('nor do those of sums of anything', () => {
    const cases = fc.tuple(
      fc.array(fc.record({ a: fc.nat(), b: fc.nat(), size: fc.integer({ min: 1, max: 9 }) }), { minLength: 1, maxLength: 30 }),
      fc.nat(),
    )
    fc.assert(
      fc.property(cases, ([sums, last]) => {
        const regions: Region[] = [{ type: 'region', id: 0, name: 'r0', size: 4 }]
        const operations = sums.map(({ a, b, size }, i): Operation => {
          const y: Region = { type: 'region', id: i + 1, name: `r${i + 1}`, size }
          const operation = { op: 'add' as const, a: regions[a % regions.length], b: regions[b % regions.length], y }
          regions.push(y)
          return operation
        })
        const kept = [regions[last % regions.length]]
        expect(conflicts(operations, kept, layOut(operations, kept))).toEqual([])
      }),
    )
  })

  it('uses the memory of what is no longer needed', () => {
    const chain = Array.from({ length: 10 }, (_, id): Region => ({ type: 'region', id, name: '', size: 8 - (id % 2) }))
    const operations = chain.slice(1).map((y, i): Operation => ({ op: 'relu', x: chain[i], y }))
    expect(layOut(operations, [chain[9]]).slots).toEqual([8, 7])
  })

  it('trains ResNet20 with batches of 16 in less than 64 MiB', () => {
    const { slots } = compilePlan(buildModel('resnet20-gn', 10), 16, 'gradient').memory
    expect(slots.reduce((sum, floats) => sum + floats * 4, 0)).toBeLessThan(64 * 2 ** 20)
  })
})
