import type { Plan } from '../../plan/index.ts'
import { Plans } from '../plans.ts'
import type { Backend, BackendChoice } from '../types.ts'
import { Commands } from './commands.ts'
import { compileForDevice } from './compiled.ts'
import { openDevice } from './device.ts'
import { Pipelines } from './pipelines.ts'
import { rememberedTiles } from './remembered-tiles.ts'
import { type WgslParts, wgslRunner } from './runner.ts'
import { softwareTiles } from './tiles.ts'
import { tuneTiles } from './tuning.ts'
import { GpuVector, VectorKernels } from './vector.ts'

/** Starts the compiled engine on a WebGPU device. @throws LabError `backend` when there is none */
export async function openWgsl(choice: BackendChoice): Promise<Backend> {
  const parts = await openParts(choice)
  const { commands, vectors } = parts
  let next: Promise<Backend> | null = null
  return {
    choice,
    vectors: (size) => ({ size, zeros: () => new GpuVector(size, vectors) }),
    runner: (model) => wgslRunner(model, parts),
    usable: () => commands.usable,
    reopen() {
      // After an error, unlike a loss, its memory would stay.
      commands.device.destroy()
      next ??= openWgsl(choice)
      return next
    },
    allocations: () => commands.buffers,
  }
}

/** What the engine is made of, on a device of its own. @throws LabError `backend` when there is none */
export async function openParts(choice: BackendChoice): Promise<WgslParts & { pipelines: Pipelines }> {
  const device = await openDevice()
  const commands = new Commands(device)
  const vectors = await VectorKernels.compile(commands)
  const pipelines = new Pipelines(device)
  const tiles = choice.hardware ? await rememberedTiles(choice.adapter ?? '', () => tuneTiles(commands, pipelines)) : softwareTiles
  return { commands, vectors, pipelines, plans: new Plans((plan: Plan) => compileForDevice(plan, commands, pipelines, tiles)) }
}
