import { z } from 'zod'
import { type Backend, type Batch, buildModel, type Model, type ModelRunner, modelNames, type Vector } from '../../engine/index.ts'
import { type Manifest, manifestSchema, type Sgd } from './model-manifest.ts'
import { type CaseResult, type Measure, relativeError, relativeMaximum, resultOf } from './result.ts'

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

/** What one case is computed with. */
interface Bench {
  model: Model
  backend: Backend
  runner: ModelRunner
  /** weights and gradient */
  x: Vector
  g: Vector
  batch: Batch
}

/**
 * Loss, logits, intermediate results, the gradient of every parameter tensor, running statistics and two SGD sequences of a model case, on
 * a backend.
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
  const { tolerance, sgd, sgdLosses, sgdFinalLoss, sgdDecay } = manifest
  const runner = backend.runner(model)
  const batch: Batch = { images: files.images, labels: Uint8Array.from(manifest.labels) }
  const bench: Bench = { model, backend, runner, batch, x: runner.space.zeros(), g: runner.space.zeros() }
  const { x, g } = bench
  try {
    x.write(files.weights)
    await runner.gradient(x, batch, g)
    const loss = await runner.loss()
    return resultOf(id, [
      { name: 'loss', error: relative(loss, manifest.loss), tolerance: tolerance.loss },
      { name: 'logits', error: relativeMaximum(await runner.logits(x, batch, 'training'), logits.flat()), tolerance: tolerance.logits },
      ...(await activationMeasures(bench, manifest)),
      ...gradientMeasures(model, await g.read(), files.grads, tolerance),
      ...(await stateMeasures(bench, manifest)),
      ...(await sgdMeasures('sgd', bench, files.weights, sgd, [...sgdLosses, sgdFinalLoss], tolerance.sgdLosses)),
      ...(await sgdMeasures('sgdDecay', bench, files.weights, sgdDecay, sgdDecay.losses, tolerance.sgdDecay)),
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

/** Intermediate results: each is the output of a model that ends there. */
async function activationMeasures({ model, backend, x, batch }: Bench, { activations, tolerance }: Manifest): Promise<Measure[]> {
  const measures: Measure[] = []
  for (const { name, mean, l2 } of activations) {
    const end = model.nodes.findIndex((node) => node.name === name) + 1
    if (end === 0) throw new Error(`the model case asks for ${name}, and ${model.name} has no node of that name`)
    const runner = backend.runner({ ...model, nodes: model.nodes.slice(0, end) })
    const values = await runner.logits(x, batch, 'training')
    runner.dispose()
    const sum = values.reduce((total, value) => total + value, 0)
    const squares = values.reduce((total, value) => total + value ** 2, 0)
    measures.push(
      { name: `norm of ${name}`, error: relative(Math.sqrt(squares), l2), tolerance: tolerance.activation },
      {
        name: `mean of ${name}`,
        error: (Math.abs(sum / values.length - mean) * Math.sqrt(values.length)) / l2,
        tolerance: tolerance.activation,
      },
    )
  }
  return measures
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

/** Running statistics after the one training pass so far, and the logits in evaluation mode that they give. */
async function stateMeasures({ model, runner, x, batch }: Bench, manifest: Manifest): Promise<Measure[]> {
  if (!runner.state) return []
  const { runningStats, evalLogits = [], tolerance } = manifest
  const values = await runner.state.read()
  const compare = (name: string, expected: number[], limit: number): Measure => {
    const { offset, size } = model.state.find((slot) => slot.name === name) ?? { offset: 0, size: 0 }
    return { name: `running ${name}`, error: relativeError(values.subarray(offset, offset + size), expected), tolerance: limit }
  }
  return [
    ...Object.entries(runningStats).flatMap(([name, { mean, variance }]) => [
      compare(`${name}.mean`, mean, tolerance.runningMean),
      compare(`${name}.variance`, variance, tolerance.runningVariance),
    ]),
    {
      name: 'logits in evaluation mode',
      error: relativeMaximum(await runner.logits(x, batch, 'evaluation'), evalLogits.flat()),
      tolerance: tolerance.evalLogits,
    },
  ]
}

/** Losses before each step and after the last one. Overwrites weights and gradient. */
async function sgdMeasures(
  name: string,
  { runner, x, g, batch }: Bench,
  weights: Float32Array,
  { lr, momentum, weightDecay, steps }: Sgd,
  losses: number[],
  tolerances: number[],
): Promise<Measure[]> {
  const m = runner.space.zeros()
  x.write(weights)
  const measures: Measure[] = []
  for (let step = 0; step <= steps; step++) {
    await runner.gradient(x, batch, g)
    const loss = await runner.loss()
    measures.push({ name: `${name} loss after ${step} steps`, error: relative(loss, losses[step]), tolerance: tolerances[step] })
    m.scale(momentum).add(1, g).add(weightDecay, x)
    x.add(-lr, m)
  }
  m.dispose()
  return measures
}

/** |a - b| / |b| */
const relative = (a: number, b: number) => Math.abs(a - b) / Math.abs(b)
