import { type BackendName, type Batch, chooseBackend, initialParameters, type Model, openBackend } from '../../../engine/index.ts'
import { LEARNING_RATE, MOMENTUM, SEED, type TrainingLoop } from './training-loop.ts'

/** Trains on one of the lab's backends, as a run of the lab does: on tfjs operation by operation, on wgsl by compiled plans. */
export async function labLoop(name: BackendName, model: Model, batch: Batch): Promise<TrainingLoop> {
  const backend = await openBackend(await chooseBackend(name))
  const runner = backend.runner(model)
  await runner.prepare(batch.labels.length)
  const [x, m, gradient] = [runner.space.zeros(), runner.space.zeros(), runner.space.zeros()]
  x.write(initialParameters(model, SEED))
  return {
    async step() {
      await runner.gradient(x, batch, gradient)
      m.scale(MOMENTUM).add(1, gradient)
      x.add(-LEARNING_RATE, m)
      return runner.loss()
    },
  }
}
