import { EVALUATION_BATCH } from '../../evaluation.ts'
import { initialState } from '../../models/index.ts'
import type { Model } from '../../models/types.ts'
import { RESULTS } from '../../plan/index.ts'
import type { Vector } from '../../vector.ts'
import type { Plans } from '../plans.ts'
import { resultsOf } from '../results.ts'
import type { Batch, EvaluationResult, ModelRunner } from '../types.ts'
import type { Compiled } from './compiled.ts'
import type { Heap } from './heap.ts'
import { SimdVector, simdVectors } from './vector.ts'

/** Loss and gradient of a model by compiled plans, one for each purpose and size of batch. */
export function simdRunner(model: Model, heap: Heap, plans: Plans<Compiled>): ModelRunner {
  plans.use(model)
  const state = model.stateSize > 0 ? new SimdVector(model.stateSize, heap) : null
  state?.write(initialState(model))
  let lastLoss = Number.NaN

  function run({ layout, plan, scratch, steps }: Compiled, at: Vector, { images, labels }: Batch, gradient = 0): void {
    heap.bytes(layout.labels, labels.length).set(labels)
    const asTheyAre = images instanceof Float32Array
    if (asTheyAre) heap.floats(layout.of(plan.pictures), images.length).set(images)
    else {
      heap.bytes(layout.pixels, images.bytes.length).set(images.bytes)
      heap.bytes(layout.crops, images.crops.length).set(new Uint8Array(images.crops.buffer, images.crops.byteOffset, images.crops.length))
      heap.floats(layout.table, images.table.length).set(images.table)
    }
    const places = { parameters: (at as SimdVector).address, gradient, state: state?.address ?? 0, scratch }
    // The first step makes the pictures.
    for (let i = asTheyAre ? 1 : 0; i < steps.length; i++) steps[i].run(places)
  }

  function resultsIn({ layout, plan }: Compiled, count: number): EvaluationResult {
    if (!plan.results) throw new Error('a plan for logits has no results')
    return resultsOf(heap.floats(layout.of(plan.results), RESULTS * count))
  }

  return {
    space: simdVectors(model.size, heap),
    state,

    async gradient(at, batch, into) {
      const count = batch.labels.length
      const compiled = await plans.get(model, count, 'gradient')
      run(compiled, at, batch, (into as SimdVector).address)
      lastLoss = resultsIn(compiled, count).lossSum / count
    },

    loss: async () => lastLoss,

    async evaluate(at, batch) {
      const count = batch.labels.length
      // Pictures do not touch each other in evaluation, so a larger plan does for fewer of them.
      const compiled = await plans.get(model, Math.max(count, EVALUATION_BATCH), 'evaluation')
      run(compiled, at, batch)
      return resultsIn(compiled, count)
    },

    async logits(at, batch, mode) {
      const compiled = await plans.get(model, batch.labels.length, 'logits', mode)
      run(compiled, at, batch)
      const { logits } = compiled.plan
      return heap.floats(compiled.layout.of(logits), logits.size).slice()
    },

    async prepare(batch) {
      await Promise.all([plans.get(model, batch, 'gradient'), plans.get(model, EVALUATION_BATCH, 'evaluation')])
      return null
    },

    dispose() {
      state?.dispose()
      plans.leave(model)
    },
  }
}
