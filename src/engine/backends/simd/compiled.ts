import type { Operation, Plan } from '../../plan/index.ts'
import type { Heap } from './heap.ts'
import { type Layout, type Step, stepOf } from './steps.ts'

/** A plan over memory of its own: nothing is allocated when it runs. */
export interface Compiled {
  plan: Plan
  layout: Layout
  steps: (Step & { operation: Operation })[]
  scratch: number
  /** of memory */
  bytes: number
  destroy(): void
}

/** Lays a plan out in memory. @throws LabError `backend` when there is not enough of it */
export function compileForCpu(plan: Plan, heap: Heap): Compiled {
  const taken: number[] = []
  let bytes = 0
  const take = (floats: number) => {
    const address = heap.allocate(floats)
    taken.push(address)
    bytes += floats * 4
    return address
  }
  const destroy = () => {
    for (const address of taken) heap.release(address)
  }
  try {
    const slots = plan.memory.slots.map(take)
    const layout: Layout = {
      of: ({ id }) => slots[plan.memory.slotOf.get(id) as number],
      labels: take(Math.ceil(plan.batch / 4)),
      pixels: take(plan.pictures.size / 4),
      crops: take(plan.batch),
      table: take(3 * 256),
    }
    // A plan may run over fewer pictures than it has room for.
    heap.bytes(layout.labels, plan.batch).fill(0)
    const steps = plan.operations.map((operation) => ({ operation, ...stepOf(operation, heap.kernels, layout) }))
    const scratch = take(Math.max(0, ...steps.map((step) => step.scratch ?? 0)))
    return { plan, layout, steps, scratch, bytes, destroy }
  } catch (error) {
    destroy()
    throw error
  }
}
