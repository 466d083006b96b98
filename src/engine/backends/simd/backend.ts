import type { Plan } from '../../plan/index.ts'
import { Plans } from '../plans.ts'
import type { Backend, BackendChoice } from '../types.ts'
import { type Compiled, compileForCpu } from './compiled.ts'
import { Heap } from './heap.ts'
import { loadModule } from './module.ts'
import { simdRunner } from './runner.ts'
import { simdVectors } from './vector.ts'

/** Starts the compiled engine on the CPU. @throws LabError `backend` when its kernels cannot be loaded */
export async function openSimd(choice: BackendChoice): Promise<Backend> {
  const { heap, plans } = await openParts()
  return {
    choice,
    vectors: (size) => simdVectors(size, heap),
    runner: (model) => simdRunner(model, heap, plans),
    usable: () => true,
    allocations: () => heap.blocks,
  }
}

/** What the engine is made of, over a memory of its own. @throws LabError `backend` when its kernels cannot be loaded */
export async function openParts(): Promise<{ heap: Heap; plans: Plans<Compiled> }> {
  const heap = new Heap(await loadModule())
  return { heap, plans: new Plans((plan: Plan) => compileForCpu(plan, heap)) }
}
