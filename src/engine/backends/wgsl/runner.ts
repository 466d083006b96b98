import { EVALUATION_BATCH } from '../../evaluation.ts'
import { initialState } from '../../models/index.ts'
import type { Model } from '../../models/types.ts'
import { RESULTS } from '../../plan/index.ts'
import type { Vector } from '../../vector.ts'
import type { Plans } from '../plans.ts'
import { resultsOf } from '../results.ts'
import type { Batch, ModelRunner } from '../types.ts'
import type { Commands, Reading } from './commands.ts'
import type { Compiled } from './compiled.ts'
import { selfTest } from './self-test.ts'
import { GpuVector, type VectorKernels } from './vector.ts'

export interface WgslParts {
  commands: Commands
  plans: Plans<Compiled>
  vectors: VectorKernels
}

/** Loss and gradient of a model by compiled plans, one for each purpose and size of batch. */
export function wgslRunner(model: Model, { commands, plans, vectors }: WgslParts): ModelRunner {
  plans.use(model)
  const state = model.stateSize > 0 ? new GpuVector(model.stateSize, vectors) : null
  state?.write(initialState(model))
  let unread: Reading | null = null
  let lastLoss = Number.NaN

  function record(compiled: Compiled, at: Vector, { images, labels }: Batch): void {
    commands.copy((at as GpuVector).buffer, 0, compiled.parameters, 0, model.size * 4)
    if (state) commands.copy(state.buffer, 0, compiled.state, 0, model.stateSize * 4)
    commands.write(Uint32Array.from(labels), compiled.labels)
    const asTheyAre = images instanceof Float32Array
    if (asTheyAre) commands.write(images, compiled.bufferOf(compiled.plan.pictures))
    else {
      commands.write(images.bytes, compiled.pixels)
      commands.write(Int32Array.from(images.crops), compiled.crops)
      commands.write(images.table, compiled.table)
    }
    // The first dispatch makes the pictures.
    for (const { pipeline, group, grid } of compiled.dispatches.slice(asTheyAre ? 1 : 0)) commands.dispatch(pipeline, group, grid)
  }

  function readingOf({ plan, bufferOf }: Compiled, count: number): Reading {
    if (!plan.results) throw new Error('a plan for logits has no results')
    return commands.readLater(bufferOf(plan.results), count * RESULTS * 4)
  }

  const runner: ModelRunner = {
    space: { size: model.size, zeros: () => new GpuVector(model.size, vectors) },
    state,

    async gradient(at, batch, into) {
      const count = batch.labels.length
      const compiled = await plans.get(model, count, 'gradient')
      record(compiled, at, batch)
      commands.copy(compiled.gradient, 0, (into as GpuVector).buffer, 0, model.size * 4)
      if (state) commands.copy(compiled.state, 0, state.buffer, 0, model.stateSize * 4)
      unread?.drop()
      unread = readingOf(compiled, count)
    },

    async loss() {
      if (unread) {
        const reading = unread.read()
        unread = null
        const { lossSum, predictions } = resultsOf(new Float32Array(await reading))
        lastLoss = lossSum / predictions.length
      }
      return lastLoss
    },

    async evaluate(at, batch) {
      const count = batch.labels.length
      // Pictures do not touch each other in evaluation, so a larger plan does for fewer of them.
      const compiled = await plans.get(model, 2 ** Math.ceil(Math.log2(count)), 'evaluation')
      record(compiled, at, batch)
      return resultsOf(new Float32Array(await readingOf(compiled, count).read()))
    },

    async logits(at, batch, mode) {
      const compiled = await plans.get(model, batch.labels.length, 'logits', mode)
      record(compiled, at, batch)
      const { logits } = compiled.plan
      return new Float32Array(await commands.read(compiled.bufferOf(logits), logits.size * 4))
    },

    async prepare(batch, onProgress) {
      // In this order: the self-test trains while the evaluation is still being compiled.
      const wanted = [plans.get(model, batch, 'gradient'), plans.get(model, EVALUATION_BATCH, 'evaluation')]
      const tested = plans.tested(model, () => selfTest(model, runner, batch))
      let done = 0
      await Promise.all([...wanted, tested].map((part) => part.then(() => onProgress?.(++done / (wanted.length + 1)))))
      return tested
    },

    dispose() {
      state?.dispose()
      plans.leave(model)
    },
  }
  return runner
}
