import { initialParameters } from '../../models/index.ts'
import type { Model } from '../../models/types.ts'
import { convFlops, type Operation } from '../../plan/index.ts'
import { groupBy, type KernelTime, type StepProfile, sizeOf } from '../step-profile.ts'
import type { BackendChoice, Batch } from '../types.ts'
import { openParts } from './backend.ts'
import type { Heap } from './heap.ts'
import { simdRunner } from './runner.ts'

const PEAK_ROUNDS = 200_000
/** multiplications and additions of a round */
const PEAK_ROUND_FLOPS = 6 * 4 * 2

/** Times each kind of operation in a training step's gradient, each for about so many seconds, after a step that fills the memory. */
export async function profileStep(_choice: BackendChoice, model: Model, batch: Batch, seconds: number): Promise<StepProfile> {
  const { heap, plans } = await openParts()
  const runner = simdRunner(model, heap, plans)
  const [x, gradient, state] = [runner.space.zeros(), runner.space.zeros(), runner.state]
  x.write(initialParameters(model, 0))
  await runner.gradient(x, batch, gradient)
  const { steps, scratch } = await plans.get(model, batch.labels.length, 'gradient')
  const addressOf = (vector: unknown) => (vector as { address: number } | null)?.address ?? 0
  const places = { parameters: addressOf(x), gradient: addressOf(gradient), state: addressOf(state), scratch }

  const peakBefore = peakOf(heap, seconds)
  const stepMs = fastest(() => steps.forEach((step) => step.run(places)), seconds)
  const kernels = groupBy(steps, ({ operation }) => `${operation.op}: ${sizeOf(operation)}`).map((same): KernelTime => {
    const msPerStep = fastest(() => same.forEach((step) => step.run(places)), seconds)
    const [{ operation }] = same
    const flops = same.length * flopsOf(operation)
    return {
      kernel: operation.op.replaceAll('-', ' '),
      size: sizeOf(operation),
      dispatches: same.length,
      msPerStep,
      gflops: flops > 0 ? flops / msPerStep / 1e6 : null,
    }
  })
  const flops = steps.reduce((sum, { operation }) => sum + flopsOf(operation), 0)
  return {
    peakGflops: Math.max(peakBefore, peakOf(heap, seconds)),
    stepMs,
    stepGflops: flops / stepMs / 1e6,
    kernels: kernels.sort((a, b) => b.msPerStep - a.msPerStep),
  }
}

function flopsOf(operation: Operation): number {
  return 'shape' in operation && 'kernel' in operation.shape ? convFlops(operation.shape) : 0
}

/** What multiplications and additions reach in registers alone, in GFLOP/s. */
function peakOf({ kernels }: Heap, seconds: number): number {
  const ms = fastest(() => kernels.multiplyAdds(PEAK_ROUNDS, 1), seconds)
  return (PEAK_ROUNDS * PEAK_ROUND_FLOPS) / ms / 1e6
}

/** Milliseconds of the fastest of several runs: others may hold the processor up, and nothing makes it faster than it is. */
function fastest(work: () => void, seconds: number): number {
  let best = Number.POSITIVE_INFINITY
  const start = performance.now()
  do {
    const startedAt = performance.now()
    work()
    best = Math.min(best, performance.now() - startedAt)
  } while (performance.now() - start < seconds * 1000)
  return best
}
