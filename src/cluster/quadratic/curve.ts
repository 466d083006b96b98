import { exactTopK, findAlgorithm, mixingMatrix, plainVectors, yieldToMessages } from '../../engine/index.ts'
import { meanEvaluationPoint, runQuadratic } from '../reference/index.ts'
import type { Experiment } from './experiment.ts'
import { type QuadraticMethodId, quadraticMethods } from './methods.ts'
import { optimum, quadraticDistance, quadraticProblem } from './problem.ts'

/** One method's way to the optimum. */
export interface Curve {
  method: QuadraticMethodId
  /** entries that top-k keeps; null for a method that sends everything */
  k: number | null
  /** distance to the optimum of where the method is evaluated, before the first step and after each; ends early where it diverged */
  distances: number[]
  /** where that is, [x, y] at the same steps; empty in more than two dimensions */
  path: [number, number][]
  diverged: boolean
}

/** What each curve of an experiment is of. */
export function curvesOf({ methods, k }: Pick<Experiment, 'methods' | 'k'>): Pick<Curve, 'method' | 'k'>[] {
  return methods.flatMap((method): Pick<Curve, 'method' | 'k'>[] =>
    quadraticMethods[method].compresses ? k.map((k) => ({ method, k })) : [{ method, k: null }],
  )
}

/** So far from the optimum, in starting distances, nobody comes back: the run has diverged. */
const DIVERGED = 1e6
/** A page stays responsive when nobody computes longer than this without giving way. */
const GIVE_WAY_MS = 8

class Diverged extends Error {}

/**
 * Runs one method: the real algorithm and exchange, over plain vectors. Gives way to the page's events every few milliseconds.
 * @throws the signal's reason when aborted
 */
export async function runCurve(experiment: Experiment, { method, k }: Pick<Curve, 'method' | 'k'>, signal?: AbortSignal): Promise<Curve> {
  const problem = quadraticProblem(experiment.preset, experiment.seed)
  const { algorithm, hyperparameters } = quadraticMethods[method]
  const definition = findAlgorithm(algorithm)
  if (!definition) throw new RangeError(`no algorithm ${algorithm}`)
  const [workers, dimension] = [problem.minimizer.length, problem.start.length]
  const target = optimum(problem)
  const scratch = plainVectors(dimension).zeros()
  const compressor = exactTopK(k ?? dimension)
  const curve: Curve = { method, k, distances: [], path: [], diverged: false }
  const record = (point: ArrayLike<number>) => {
    curve.distances.push(quadraticDistance(point, target))
    if (dimension === 2) curve.path.push([point[0], point[1]])
  }
  record(problem.start)

  let since = performance.now()
  try {
    await runQuadratic(
      {
        workers,
        dimension,
        steps: experiment.steps,
        problem,
        definition,
        hyperparameters: definition.hyperparameters.strict().parse({ beta: experiment.beta, ...hyperparameters }),
        compressor,
        resetCompressor: compressor,
        matrices: [mixingMatrix('complete', workers)],
        // As in the paper; and in one process it is faster than all-gather.
        aggregation: 'server',
        learningRate: Array.from({ length: experiment.steps }, () => experiment.learningRate),
        weightDecay: 0,
        initial: problem.start,
      },
      { vectors: plainVectors },
      async (_, members) => {
        const point = await meanEvaluationPoint(members, scratch)
        // Written so that it is true for NaN too.
        if (!(quadraticDistance(point, target) <= DIVERGED * curve.distances[0])) throw new Diverged()
        record(point)
        if (performance.now() - since < GIVE_WAY_MS) return
        await yieldToMessages()
        signal?.throwIfAborted()
        since = performance.now()
      },
    )
  } catch (error) {
    if (!(error instanceof Diverged)) throw error
    curve.diverged = true
  }
  return curve
}
