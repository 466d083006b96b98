import { IMAGE_BYTES } from '../../data/index.ts'
import { LabError } from '../../errors.ts'
import { initialParameters } from '../../models/index.ts'
import type { Model } from '../../models/types.ts'
import { openTfjs } from '../tfjs/backend.ts'
import type { Batch, ModelRunner, SelfTest } from '../types.ts'

/** of loss and gradient; a ReLU input within rounding error of zero may cost 1e-2 of one tensor */
const TOLERANCE = 1e-2

/**
 * Compares loss and gradient of a batch with tfjs on wasm: drivers have been seen to compute nonsense without an error. The batch is one
 * or two pictures over and over, of which tfjs takes only those: their mean loss is the same, and so are a batch's statistics. The runner
 * is tried as it trains, on batches of that size.
 * @throws LabError `backend` when they differ
 */
export async function selfTest(model: Model, runner: ModelRunner, batch: number): Promise<SelfTest> {
  const pictures = batch % 2 === 0 ? 2 : 1
  const [its, mine] = await Promise.all([tryOracle(model, pictures), tryOut(model, runner, pictures, batch)])
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

interface Outcome {
  loss: number
  gradient: Float32Array
}

async function tryOracle(model: Model, pictures: number): Promise<Outcome> {
  const oracle = (await openTfjs({ name: 'wasm', reason: 'self-test', adapter: null, hardware: false, selfTest: null })).runner(model)
  try {
    return await tryOut(model, oracle, pictures, pictures)
  } finally {
    oracle.dispose()
  }
}

/** @param batch pictures in all, a multiple of the different ones */
async function tryOut(model: Model, runner: ModelRunner, pictures: number, batch: number): Promise<Outcome> {
  const given: Batch = {
    images: Float32Array.from({ length: batch * IMAGE_BYTES }, (_, i) => pixel(i % (pictures * IMAGE_BYTES))),
    labels: Uint8Array.from({ length: batch }, (_, i) => (i % pictures) % model.classes),
  }
  const before = await runner.state?.read()
  const [x, g] = [runner.space.zeros(), runner.space.zeros()]
  x.write(initialParameters(model, 0))
  await runner.gradient(x, given, g)
  const loss = await runner.loss()
  const gradient = await g.read()
  if (before) runner.state?.write(before)
  x.dispose()
  g.dispose()
  return { loss, gradient }
}

const pixel = (i: number) => Math.sin(i * 0.7) + Math.cos(i * 0.013)

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
}
