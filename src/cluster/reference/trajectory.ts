import { z } from 'zod'
import {
  type Algorithm,
  type Backend,
  exchangeVectors,
  findAlgorithm,
  type Vector,
  ViewChanged,
  type WorkerView,
} from '../../engine/index.ts'
import { createMemoryNetwork, Exchange, type View } from '../../p2p/index.ts'
import { type CaseResult, type Measure, relativeError, resultOf } from './result.ts'

const matrix = z.array(z.array(z.number()))

/** Format `reference-case/1`: one small distributed run with everything random written down. */
const trajectorySchema = z.object({
  format: z.literal('reference-case/1'),
  id: z.string(),
  workers: z.int().min(1),
  dimension: z.int().min(1),
  steps: z.int().min(1),
  problem: z.object({ kind: z.literal('quadratic'), curvature: matrix, minimizer: matrix }),
  algorithm: z.looseObject({ id: z.string() }),
  topology: z.object({ mixing: matrix.optional(), mixingPerStep: z.array(matrix).optional() }),
  learningRate: z.array(z.number()),
  weightDecay: z.number(),
  initial: z.array(z.number()),
  checkpoints: z.array(z.object({ step: z.int(), x: matrix, sentScalars: z.number() })),
  tolerance: z.number(),
})

type Trajectory = z.infer<typeof trajectorySchema>

/** Counts floats as the cases do: gossip n vectors x D per edge, a server N uploads and one broadcast. */
class ScalarCount {
  private scalars = 0

  constructor(private readonly reference: Trajectory) {}

  /** Counts a round once, although each worker reports it. */
  add(vectors: number, matrix: number[][] | null): void {
    const { workers, dimension } = this.reference
    const copies = matrix ? matrix.flatMap((row, i) => row.filter((w, j) => j !== i && w !== 0)).length : workers + 1
    this.scalars += (vectors * dimension * copies) / workers
  }

  get total(): number {
    return Math.round(this.scalars)
  }
}

/**
 * Runs a reference case on a backend: the real algorithm objects, the real exchange and codec over the in-memory network, with the
 * quadratic's gradient in place of a network's. Compares models and counts of sent floats at every checkpoint.
 * @throws ZodError when the file has another format
 */
export async function verifyTrajectory(json: unknown, backend: Backend): Promise<CaseResult> {
  const reference = trajectorySchema.parse(json)
  const { id, algorithm: chosen, tolerance } = reference
  const definition = findAlgorithm(chosen.id)
  if (!definition) return { id, status: 'not-implemented', detail: `algorithm ${chosen.id}` }
  const hyperparameters = definition.hyperparameters.strict().parse(withoutId(chosen))

  const count = new ScalarCount(reference)
  const space = backend.vectors(reference.dimension)
  const workers = createWorkers(reference, count, () => {
    const x = space.zeros()
    x.write(Float32Array.from(reference.initial))
    return { algorithm: definition.create(hyperparameters, x, space), gradient: space.zeros() }
  })

  const measures: Measure[] = []
  try {
    for (let step = 0; step < reference.steps; step++) {
      await Promise.all(workers.map((worker) => worker.step(step)))
      const checkpoint = reference.checkpoints.find((candidate) => candidate.step === step + 1)
      if (!checkpoint) continue
      const models = await Promise.all(workers.map((worker) => worker.algorithm.model.read()))
      const flat = models.flatMap((model) => [...model])
      measures.push({ name: `models after step ${step + 1}`, error: relativeError(flat, checkpoint.x.flat()), tolerance })
      if (count.total !== checkpoint.sentScalars)
        return {
          id,
          status: 'failed',
          error: count.total,
          tolerance,
          detail: `sent ${count.total} floats up to step ${step + 1}, the case says ${checkpoint.sentScalars}`,
        }
    }
  } finally {
    for (const worker of workers) worker.dispose()
  }
  return resultOf(id, measures)
}

interface CaseWorker {
  algorithm: Algorithm
  step(step: number): Promise<void>
  dispose(): void
}

function createWorkers(reference: Trajectory, count: ScalarCount, create: () => { algorithm: Algorithm; gradient: Vector }): CaseWorker[] {
  const view: View = { number: 1, members: Array.from({ length: reference.workers }, (_, rank) => `worker-${rank}`) }
  const network = createMemoryNetwork(view.members)
  const { mixing, mixingPerStep } = reference.topology
  const matrices = mixingPerStep ?? (mixing ? [mixing] : [])
  return view.members.map((self, rank) => {
    let round = 0
    const exchange = new Exchange({
      run: reference.id,
      self,
      view,
      transport: network.transport(self),
      mixing: (_, round) => matrices[round % matrices.length],
      viewChanged: (number) => new ViewChanged(number),
    })
    const { algorithm, gradient } = create()
    const viewAt = (step: number): WorkerView => ({
      rank,
      size: reference.workers,
      step,
      learningRate: reference.learningRate[step],
      async gradient(at) {
        const point = await at.read()
        const { curvature, minimizer } = reference.problem
        gradient.write(point.map((p, d) => curvature[rank][d] * (p - minimizer[rank][d]) + reference.weightDecay * p))
        return gradient
      },
      mix(vectors) {
        count.add(Object.keys(vectors).length, matrices[round++ % matrices.length])
        return exchangeVectors(vectors, (arrays) => exchange.mix(arrays))
      },
      average(vectors) {
        count.add(Object.keys(vectors).length, null)
        return exchangeVectors(vectors, (arrays) => exchange.average(arrays))
      },
    })
    return {
      algorithm,
      step: (step) => algorithm.step(viewAt(step)),
      dispose() {
        exchange.close()
        algorithm.dispose()
        algorithm.model.dispose()
        gradient.dispose()
      },
    }
  })
}

function withoutId({ id: _, ...hyperparameters }: Record<string, unknown>): Record<string, unknown> {
  return hyperparameters
}
