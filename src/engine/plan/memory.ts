import { type Operation, type Region, regionsOf } from './operations.ts'

/** Where regions live: slots of memory that several regions take one after the other. */
export interface Memory {
  /** floats of each slot */
  slots: number[]
  /** slot of each region, by its id */
  slotOf: Map<number, number>
}

/**
 * Gives each region a slot from its first to its last operation. A region takes the free slot of its size, or the smallest larger one of
 * at most twice its size, or a new one. Regions in `kept` stay to the end.
 */
export function layOut(operations: Operation[], kept: Region[]): Memory {
  const lastUse = new Map<number, number>()
  operations.forEach((operation, at) => {
    for (const { id } of regionsOf(operation)) lastUse.set(id, at)
  })
  for (const { id } of kept) lastUse.set(id, operations.length)

  const slots: number[] = []
  const slotOf = new Map<number, number>()
  const free = new Set<number>()
  operations.forEach((operation, at) => {
    for (const region of regionsOf(operation)) {
      if (slotOf.has(region.id)) continue
      let slot = bestFit(slots, free, region.size)
      if (slot === null) slot = slots.push(region.size) - 1
      free.delete(slot)
      slotOf.set(region.id, slot)
    }
    for (const { id } of regionsOf(operation)) if (lastUse.get(id) === at) free.add(slotOf.get(id) as number)
  })
  return { slots, slotOf }
}

function bestFit(slots: number[], free: Set<number>, size: number): number | null {
  let best: number | null = null
  for (const slot of free) if (slots[slot] >= size && slots[slot] <= 2 * size && (best === null || slots[slot] < slots[best])) best = slot
  return best
}
