import { LabError } from '../../errors.ts'
import { initialParameters } from '../../models/index.ts'
import type { Model } from '../../models/types.ts'
import { openTfjs } from '../tfjs/backend.ts'
import type { Batch, ModelRunner, SelfTest } from '../types.ts'

const PICTURES = 2
/** of loss and gradient; a ReLU input within rounding error of zero may cost 1e-2 of one tensor */
const TOLERANCE = 1e-2

/**
 * Compares loss and gradient of a tiny batch with tfjs on wasm: drivers have been seen to compute nonsense without an error.
 * @throws LabError `backend` when they differ
 */
export async function selfTest(model: Model, runner: ModelRunner): Promise<SelfTest> {
  const oracle = (await openTfjs({ name: 'wasm', reason: 'self-test', adapter: null, hardware: false, selfTest: null })).runner(model)
  const [mine, its] = [await tryOut(model, runner), await tryOut(model, oracle)]
  oracle.dispose()
  const found = {
    loss: Math.abs(mine.loss - its.loss) / its.loss,
    gradient: norm(mine.gradient.map((value, i) => value - its.gradient[i])) / norm(its.gradient),
  }
  // Not a number is not within tolerance either.
  if (!(found.loss <= TOLERANCE && found.gradient <= TOLERANCE))
    throw new LabError(
      'backend',
      `backend: this device fails the self-test of wgsl on ${model.name}: loss ${mine.loss} instead of ${its.loss}, gradient off by ${found.gradient}; allowed: up to ${TOLERANCE}. Choose wasm`,
    )
  return found
}

async function tryOut(model: Model, runner: ModelRunner): Promise<{ loss: number; gradient: Float32Array }> {
  const batch: Batch = {
    images: Float32Array.from({ length: PICTURES * 32 * 32 * 3 }, (_, i) => Math.sin(i * 0.7) + Math.cos(i * 0.013)),
    labels: Uint8Array.from({ length: PICTURES }, (_, i) => i % model.classes),
  }
  const before = await runner.state?.read()
  const [x, g] = [runner.space.zeros(), runner.space.zeros()]
  x.write(initialParameters(model, 0))
  await runner.gradient(x, batch, g)
  const loss = await runner.loss()
  const gradient = await g.read()
  if (before) runner.state?.write(before)
  x.dispose()
  g.dispose()
  return { loss, gradient }
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
}
