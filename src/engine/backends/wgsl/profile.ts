import { initialParameters } from '../../models/index.ts'
import type { Model } from '../../models/types.ts'
import { groupBy, type KernelTime, type StepProfile, sizeOf } from '../step-profile.ts'
import type { BackendChoice, Batch } from '../types.ts'
import { openParts } from './backend.ts'
import type { Dispatch } from './compiled.ts'
import { measurePeak } from './peak.ts'
import { wgslRunner } from './runner.ts'
import { Stopwatch } from './stopwatch.ts'

/**
 * Times each kind of dispatch in a training step's gradient, back to back and each for about so many seconds, after a step that fills the
 * memory with real values. Differences from a whole step are what caches and the start of each dispatch cost.
 * @throws LabError `backend` when there is no adapter
 */
export async function profileStep(choice: BackendChoice, model: Model, batch: Batch, seconds: number): Promise<StepProfile> {
  const { commands, vectors, pipelines, plans } = await openParts(choice)
  const runner = wgslRunner(model, { commands, vectors, plans })
  const [x, gradient] = [runner.space.zeros(), runner.space.zeros()]
  x.write(initialParameters(model, 0))
  await runner.gradient(x, batch, gradient)
  await runner.loss()
  const compiled = await plans.get(model, batch.labels.length, 'gradient')
  const record = ({ pipeline, group, grid }: Dispatch) => commands.dispatch(pipeline, group, grid)
  const stopwatch = await Stopwatch.start(commands)
  const stepMs = await stopwatch.time(() => compiled.dispatches.forEach(record), seconds)
  const peak = () => measurePeak({ commands, pipelines, stopwatch }, seconds)
  const peakBefore = await peak()

  const kinds = groupBy(compiled.dispatches, ({ name, operation }) => `${name}: ${sizeOf(operation)}`)
  const kernels: KernelTime[] = []
  for (const all of kinds) {
    // With and without an addend or a ReLU they are different shaders.
    let msPerStep = 0
    for (const same of groupBy(all, ({ pipeline }) => pipeline))
      msPerStep += same.length * (await stopwatch.time(() => record(same[0]), seconds))
    const [{ name, operation }] = all
    const flops = flopsOf(all)
    kernels.push({
      kernel: name,
      size: sizeOf(operation),
      dispatches: all.length,
      msPerStep,
      gflops: flops > 0 ? flops / msPerStep / 1e6 : null,
    })
  }
  // On a busy machine one of the two may be far too low.
  const peakGflops = Math.max(peakBefore, await peak())
  const stepGflops = flopsOf(compiled.dispatches) / stepMs / 1e6
  commands.device.destroy()
  return { peakGflops, stepMs, stepGflops, kernels: kernels.sort((a, b) => b.msPerStep - a.msPerStep) }
}

const flopsOf = (dispatches: Dispatch[]) => dispatches.reduce((sum, { flops }) => sum + flops, 0)
