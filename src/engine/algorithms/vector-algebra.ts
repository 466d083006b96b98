import type { Vector } from '../vector.ts'
import type { WorkerView } from './types.ts'

/** One momentum step: x = x - eta m, or with Nesterov x = x - eta (g + beta m), m being the new momentum. */
export function momentumStep(x: Vector, m: Vector, g: Vector, eta: number, beta: number, nesterov: boolean): void {
  if (nesterov) x.add(-eta, g).add(-eta * beta, m)
  else x.add(-eta, m)
}

/** Makes the sum of a vector over all workers zero again: v = v - mean v. */
export async function center(v: Vector, scratch: Vector, view: WorkerView): Promise<void> {
  scratch.set(v)
  await view.average({ tracker: scratch })
  v.add(-1, scratch)
}

export function disposeAll(...vectors: Vector[]): void {
  for (const vector of vectors) vector.dispose()
}
