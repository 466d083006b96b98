import {
  type Algorithm,
  type AlgorithmDefinition,
  type Backend,
  type Compressor,
  exchangeVectors,
  scalarCount,
  tradeCounted,
  type Vector,
  ViewChanged,
  type WorkerView,
} from '../../engine/index.ts'
import { createMemoryNetwork, Exchange, type ExchangeOptions, type View } from '../../p2p/index.ts'

/** A small distributed run on quadratics: F_i(p) = 1/2 sum_d curvature_id (p_d - minimizer_id)^2. */
export interface QuadraticRun {
  workers: number
  dimension: number
  steps: number
  problem: { curvature: number[][]; minimizer: number[][] }
  definition: AlgorithmDefinition
  hyperparameters: Record<string, unknown>
  compressor: Compressor
  resetCompressor: Compressor
  /** mixing matrices, one for each communication round in turn */
  matrices: number[][][]
  /** how averages come about; the numbers are the same. Default 'all-gather' */
  aggregation?: ExchangeOptions['aggregation']
  /** one for each gradient step */
  learningRate: number[]
  weightDecay: number
  initial: number[]
}

/** One worker of such a run. */
export interface QuadraticWorker {
  algorithm: Algorithm
  step(step: number): Promise<void>
  sentPayloadBytes(): number
  dispose(): void
}

/**
 * Runs the real algorithm objects over the real exchange and codec on the in-memory network, with the quadratic's gradient in place of a
 * network's. `onStep` sees all workers after each step, and how many floats have been sent, counted as the reference cases do.
 */
export async function runQuadratic(
  run: QuadraticRun,
  backend: Pick<Backend, 'vectors'>,
  onStep: (steps: number, workers: QuadraticWorker[], sentScalars: number) => Promise<void>,
): Promise<void> {
  const count = new ScalarCount(run)
  const space = backend.vectors(run.dimension)
  const workers = createWorkers(run, count, () => {
    const model = space.zeros()
    model.write(Float32Array.from(run.initial))
    const parts = { model, space, compressor: run.compressor, resetCompressor: run.resetCompressor }
    return { algorithm: run.definition.create(run.hyperparameters, parts), gradient: space.zeros() }
  })
  try {
    for (let step = 0; step < run.steps; step++) {
      await Promise.all(workers.map((worker) => worker.step(step)))
      await onStep(step + 1, workers, count.total)
    }
  } finally {
    for (const worker of workers) worker.dispose()
  }
}

/** Counts floats as the cases do; every worker reports its part of a round. */
class ScalarCount {
  private scalars = 0

  constructor(private readonly run: QuadraticRun) {}

  /** gossip: n vectors over every edge that leaves this worker */
  mixed(scalarsPerEdge: number, matrix: number[][], rank: number): void {
    this.scalars += scalarsPerEdge * matrix.filter((row, i) => i !== rank && row[rank] !== 0).length
  }

  /** server: this worker's upload, and its part of the one broadcast */
  averaged(up: number, down: number): void {
    this.scalars += up + (this.run.definition.denseDown ? this.run.dimension : down) / this.run.workers
  }

  get total(): number {
    return Math.round(this.scalars)
  }
}

function createWorkers(run: QuadraticRun, count: ScalarCount, create: () => { algorithm: Algorithm; gradient: Vector }): QuadraticWorker[] {
  const view: View = { number: 1, members: Array.from({ length: run.workers }, (_, rank) => `worker-${rank}`) }
  const network = createMemoryNetwork(view.members)
  const { matrices } = run
  return view.members.map((self, rank) => {
    let round = 0
    const exchange = new Exchange({
      run: 'quadratic',
      self,
      view,
      transport: network.transport(self),
      mixing: (_, round) => matrices[round % matrices.length],
      viewChanged: (number) => new ViewChanged(number),
      aggregation: run.aggregation,
    })
    const nextMatrix = () => matrices[round++ % matrices.length]
    const { algorithm, gradient } = create()
    const viewAt = (step: number): WorkerView => ({
      rank,
      size: run.workers,
      step,
      learningRate: run.learningRate[step],
      async gradient(at) {
        const point = await at.read()
        const { curvature, minimizer } = run.problem
        gradient.write(point.map((p, d) => curvature[rank][d] * (p - minimizer[rank][d]) + run.weightDecay * p))
        return gradient
      },
      mix(vectors) {
        count.mixed(Object.keys(vectors).length * run.dimension, nextMatrix(), rank)
        return exchangeVectors(vectors, (arrays) => exchange.mix(arrays))
      },
      average(vectors) {
        const scalars = Object.keys(vectors).length * run.dimension
        count.averaged(scalars, scalars)
        return exchangeVectors(vectors, (arrays) => exchange.average(arrays))
      },
      async averageMessage(message) {
        const mean = await exchange.averageMessage('residual', message)
        count.averaged(scalarCount(message), scalarCount(mean))
        return mean
      },
      mixMessage(message) {
        count.mixed(scalarCount(message), nextMatrix(), rank)
        return exchange.mixMessage('residual', message)
      },
      neighbors: () => exchange.neighbors(),
      trade(messages) {
        count.mixed(run.dimension, nextMatrix(), rank)
        return tradeCounted(exchange, messages)
      },
    })
    return {
      algorithm,
      step: (step) => algorithm.step(viewAt(step)),
      sentPayloadBytes: () => exchange.sentBytes().payload,
      dispose() {
        exchange.close()
        algorithm.dispose()
        algorithm.model.dispose()
        gradient.dispose()
      },
    }
  })
}
