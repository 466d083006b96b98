import { z } from 'zod'
import { type Backend, type Batch, buildModel, type Model, type ModelRunner, modelNames, type Vector } from '../../engine/index.ts'
import { type CaseResult, type Measure, relativeError, relativeMaximum, resultOf } from './result.ts'

const sgd = z.object({ lr: z.number(), momentum: z.number(), weightDecay: z.number(), steps: z.int() })

/** `manifest.json` of format `model-case/1`: a model, weights, a batch, and what PyTorch makes of them. */
const manifestSchema = z.object({
  format: z.literal('model-case/1'),
  model: z.string(),
  classes: z.int(),
  seed: z.int(),
  parameterCount: z.int(),
  parameters: z.array(z.object({ name: z.string(), shape: z.array(z.int()), offset: z.int() })),
  labels: z.array(z.int()),
  loss: z.number(),
  sgd,
  sgdLosses: z.array(z.number()),
  sgdFinalLoss: z.number(),
  sgdDecay: sgd.extend({ losses: z.array(z.number()) }),
  tolerance: z.object({
    loss: z.number(),
    logits: z.number(),
    gradRel: z.number(),
    gradMax: z.number(),
    sgdLosses: z.array(z.number()),
    sgdDecay: z.array(z.number()),
  }),
})

type Manifest = z.infer<typeof manifestSchema>

/** A model case with its files, however they were read. */
export interface ModelCaseFiles {
  manifest: unknown
  weights: Float32Array
  grads: Float32Array
  /** [batch, 32, 32, 3], normalized */
  images: Float32Array
  /** logits.json */
  logits: unknown
}

/**
 * Loss, logits, the gradient of every parameter tensor and two SGD sequences of a model case, on a backend.
 * @throws ZodError when the manifest has another format
 */
export async function verifyModelCase(files: ModelCaseFiles, backend: Backend): Promise<CaseResult> {
  const manifest = manifestSchema.parse(files.manifest)
  const id = `${manifest.model}${manifest.classes === 10 ? '' : `-c${manifest.classes}`}-seed${manifest.seed}`
  const name = modelNames.find((known) => known === manifest.model)
  if (!name) return { id, status: 'not-implemented', detail: `model ${manifest.model}` }
  const model = buildModel(name, manifest.classes)
  const different = firstDifference(model, manifest)
  if (different) return { id, status: 'failed', error: Number.POSITIVE_INFINITY, tolerance: 0, detail: different }

  const { logits } = z.object({ logits: z.array(z.array(z.number())) }).parse(files.logits)
  const batch: Batch = { images: files.images, labels: Uint8Array.from(manifest.labels) }
  const runner = backend.runner(model)
  const x = runner.space.zeros()
  const g = runner.space.zeros()
  try {
    x.write(files.weights)
    const loss = await runner.gradient(x, batch, g)
    const gradient = await g.read()
    const { tolerance } = manifest
    return resultOf(id, [
      { name: 'loss', error: Math.abs(loss - manifest.loss) / manifest.loss, tolerance: tolerance.loss },
      { name: 'logits', error: relativeMaximum(await runner.logits(x, batch), logits.flat()), tolerance: tolerance.logits },
      ...gradientMeasures(model, gradient, files.grads, tolerance),
      ...(await sgdMeasures(
        'sgd',
        runner,
        x,
        g,
        batch,
        files.weights,
        manifest.sgd,
        [...manifest.sgdLosses, manifest.sgdFinalLoss],
        tolerance.sgdLosses,
      )),
      ...(await sgdMeasures(
        'sgdDecay',
        runner,
        x,
        g,
        batch,
        files.weights,
        manifest.sgdDecay,
        manifest.sgdDecay.losses,
        tolerance.sgdDecay,
      )),
    ])
  } finally {
    x.dispose()
    g.dispose()
    runner.dispose()
  }
}

function firstDifference(model: Model, manifest: Manifest): string | null {
  if (model.size !== manifest.parameterCount) return `${model.size} parameters, the case has ${manifest.parameterCount}`
  const describe = ({ name, shape, offset }: { name: string; shape: number[]; offset: number }) => `${name} [${shape}] at ${offset}`
  const at = manifest.parameters.findIndex((parameter, i) => describe(parameter) !== describe(model.parameters[i]))
  return at < 0 ? null : `parameter ${at} is ${describe(model.parameters[at])}, the case has ${describe(manifest.parameters[at])}`
}

function gradientMeasures(model: Model, gradient: Float32Array, expected: Float32Array, tolerance: Manifest['tolerance']): Measure[] {
  return model.parameters.flatMap(({ name, offset, size }) => {
    const [a, b] = [gradient, expected].map((values) => values.subarray(offset, offset + size))
    return [
      { name: `gradient of ${name}`, error: relativeError(a, b), tolerance: tolerance.gradRel },
      { name: `largest gradient of ${name}`, error: relativeMaximum(a, b), tolerance: tolerance.gradMax },
    ]
  })
}

async function sgdMeasures(
  name: string,
  runner: ModelRunner,
  x: Vector,
  g: Vector,
  batch: Batch,
  weights: Float32Array,
  { lr, momentum, weightDecay, steps }: z.infer<typeof sgd>,
  losses: number[],
  tolerances: number[],
): Promise<Measure[]> {
  const m = runner.space.zeros()
  x.write(weights)
  const measures: Measure[] = []
  for (let step = 0; step <= steps; step++) {
    const loss = await runner.gradient(x, batch, g)
    measures.push({
      name: `${name} loss after ${step} steps`,
      error: Math.abs(loss - losses[step]) / losses[step],
      tolerance: tolerances[step],
    })
    m.scale(momentum).add(1, g).add(weightDecay, x)
    x.add(-lr, m)
  }
  m.dispose()
  return measures
}
