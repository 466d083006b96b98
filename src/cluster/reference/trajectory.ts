import { z } from 'zod'
import { type Backend, blockFrom, type Compressor, exactTopK, findAlgorithm } from '../../engine/index.ts'
import { meanEvaluationPoint } from './evaluation-point.ts'
import { runQuadratic } from './quadratic-run.ts'
import { type CaseResult, type Measure, relativeError, resultOf } from './result.ts'

const matrix = z.array(z.array(z.number()))

const compressorSchema = z.discriminatedUnion('id', [
  z.object({ id: z.literal('top-k'), k: z.int().min(1) }),
  z.object({ id: z.literal('block'), k: z.int().min(1), starts: z.array(z.int()) }),
  z.object({ id: z.literal('identity') }),
])

/** Format `reference-case/1`: one small distributed run with everything random written down. */
const trajectorySchema = z.object({
  format: z.literal('reference-case/1'),
  id: z.string(),
  workers: z.int().min(1),
  dimension: z.int().min(1),
  steps: z.int().min(1),
  problem: z.object({ kind: z.literal('quadratic'), curvature: matrix, minimizer: matrix }),
  algorithm: z.looseObject({ id: z.string() }),
  compressor: compressorSchema.optional(),
  resetCompressor: compressorSchema.optional(),
  topology: z.object({ mixing: matrix.optional(), mixingPerStep: z.array(matrix).optional() }),
  learningRate: z.array(z.number()),
  weightDecay: z.number(),
  initial: z.array(z.number()),
  checkpoints: z.array(z.object({ step: z.int(), x: matrix, sentScalars: z.number(), evaluationX: z.array(z.number()).optional() })),
  tolerance: z.number(),
})

/**
 * Runs a reference case on a backend. Compares models, evaluated points and counts of sent floats at every checkpoint.
 * @throws ZodError when the file has another format
 */
export async function verifyTrajectory(json: unknown, backend: Backend): Promise<CaseResult> {
  const reference = trajectorySchema.parse(json)
  const { id, tolerance, checkpoints, topology } = reference
  const { id: algorithm, ...hyperparameters } = reference.algorithm
  const definition = findAlgorithm(algorithm)
  if (!definition) return { id, status: 'not-implemented', detail: `algorithm ${algorithm}` }
  const run = {
    ...reference,
    definition,
    hyperparameters: definition.hyperparameters.strict().parse(hyperparameters),
    compressor: compressorOf(reference.compressor),
    resetCompressor: compressorOf(reference.resetCompressor),
    matrices: topology.mixingPerStep ?? (topology.mixing ? [topology.mixing] : []),
  }

  const measures: Measure[] = []
  await runQuadratic(run, backend, async (step, workers, sentScalars) => {
    const checkpoint = checkpoints.find((candidate) => candidate.step === step)
    if (!checkpoint) return
    const models = await Promise.all(workers.map((worker) => worker.algorithm.model.read()))
    const flat = models.flatMap((model) => [...model])
    measures.push({ name: `models after step ${step}`, error: relativeError(flat, checkpoint.x.flat()), tolerance })
    // A count is right or wrong.
    measures.push({
      name: `${sentScalars} floats sent up to step ${step}`,
      error: Math.abs(sentScalars - checkpoint.sentScalars),
      tolerance: 0.5,
    })
    if (!checkpoint.evaluationX) return
    const scratch = backend.vectors(reference.dimension).zeros()
    const point = await meanEvaluationPoint(workers, scratch)
    scratch.dispose()
    measures.push({ name: `evaluated model after step ${step}`, error: relativeError(point, checkpoint.evaluationX), tolerance })
  })
  return resultOf(id, measures)
}

/** The case's compressor; methods that use none are given one that they never call. */
function compressorOf(config: z.infer<typeof compressorSchema> = { id: 'identity' }): Compressor {
  switch (config.id) {
    case 'top-k':
      return exactTopK(config.k)
    case 'block':
      return blockFrom(config.k, (step) => config.starts[step])
    case 'identity':
      return { compress: async (v) => ({ kind: 'dense', size: v.size, values: await v.read() }) }
    default:
      config satisfies never
      throw new Error('unreachable')
  }
}
