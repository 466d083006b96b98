import { beforeAll, describe, expect, it } from 'vitest'
import {
  type Algorithm,
  type Backend,
  blockFrom,
  type Compressor,
  chooseBackend,
  exactTopK,
  findAlgorithm,
  mixingMatrix,
  openBackend,
  type TopologyName,
} from '../../engine/index.ts'
import { runQuadratic } from './quadratic-run.ts'
import { relativeError } from './result.ts'

// The "equals" rows and invariants of the algorithm specification: limits in which two methods are one.

const WORKERS = 6
const DIMENSION = 10
const STEPS = 40
/** float32 sums in another order */
const EQUAL = 2e-5
const DIFFERENT = 1e-3

const wave = (i: number, j: number, phase: number) => Math.sin(12.9898 * (i + 1) + 78.233 * (j + 1) + phase)
const table = (value: (i: number, j: number) => number) =>
  Array.from({ length: WORKERS }, (_, i) => Array.from({ length: DIMENSION }, (_, j) => value(i, j)))
const problem = { curvature: table((i, j) => 1 + 0.6 * wave(i, j, 0)), minimizer: table((i, j) => 2 * wave(i, j, 1)) }
const shared = { curvature: table((_, j) => 1 + 0.6 * wave(0, j, 0)), minimizer: table((_, j) => 2 * wave(0, j, 1)) }
const initial = Array.from({ length: DIMENSION }, (_, j) => wave(9, j, 2))

const identity: Compressor = { compress: async (v) => ({ kind: 'dense', size: v.size, values: await v.read() }) }
const nothing: Compressor = {
  compress: async (v) => ({ kind: 'sparse', size: v.size, indices: new Uint32Array(0), values: new Float32Array(0) }),
}
const top3 = exactTopK(3)

interface Options {
  topology?: TopologyName
  compressor?: Compressor
  resetCompressor?: Compressor
  learningRate?: (step: number) => number
  problem?: typeof problem
  onStep?: (algorithms: Algorithm[], step: number) => Promise<void>
}

let backend: Backend
beforeAll(async () => {
  backend = await openBackend(await chooseBackend('cpu'))
})

/** All models of all workers after every step, one after the other. */
async function run(id: string, hyperparameters: Record<string, unknown>, options: Options = {}): Promise<number[]> {
  const definition = findAlgorithm(id)
  if (!definition) throw new Error(`no algorithm ${id}`)
  const trace: number[] = []
  await runQuadratic(
    {
      workers: WORKERS,
      dimension: DIMENSION,
      steps: STEPS,
      problem: options.problem ?? problem,
      definition,
      hyperparameters: definition.hyperparameters.strict().parse(hyperparameters),
      compressor: options.compressor ?? identity,
      resetCompressor: options.resetCompressor ?? identity,
      matrices: [mixingMatrix(options.topology ?? 'complete', WORKERS)],
      learningRate: Array.from({ length: STEPS }, (_, step) => options.learningRate?.(step) ?? 0.05),
      weightDecay: 0.01,
      initial,
    },
    backend,
    async (step, workers) => {
      for (const { algorithm } of workers) trace.push(...(await algorithm.model.read()))
      await options.onStep?.(
        workers.map((worker) => worker.algorithm),
        step,
      )
    },
  )
  return trace
}

const decaying = (step: number) => 0.05 / (1 + step / 10)

async function expectEqual(a: Promise<number[]>, b: Promise<number[]>): Promise<void> {
  expect(relativeError(await a, await b)).toBeLessThan(EQUAL)
}

async function expectDifferent(a: Promise<number[]>, b: Promise<number[]>): Promise<void> {
  expect(relativeError(await a, await b)).toBeGreaterThan(DIFFERENT)
}

/** The mean model after every step, from a trace. */
function meanOf(trace: number[]): number[] {
  const perStep = WORKERS * DIMENSION
  return Array.from({ length: STEPS * DIMENSION }, (_, k) => {
    const [step, d] = [Math.floor(k / DIMENSION), k % DIMENSION]
    return Array.from({ length: WORKERS }, (_, i) => trace[step * perStep + i * DIMENSION + d]).reduce((a, b) => a + b) / WORKERS
  })
}

describe('D-SUM', () => {
  it.each([0, 1])('with K = 1 and W = J is DMSGD (s = %i)', (s) =>
    expectEqual(run('d-sum', { beta: 0.9, s }), run('dmsgd', { beta: 0.9, nesterov: s === 1 })),
  )

  it.each([0, 1])('with K = I, W = J and mixed momentum is PR-SGD-Momentum (s = %i), and without is not', async (s) => {
    const option = s === 1 ? 'nesterov' : 'heavy-ball'
    const reference = run('pr-sgd-m', { beta: 0.9, option, localSteps: 4 })
    await expectEqual(run('d-sum', { beta: 0.9, s, localSteps: 4, mixMomentum: true }), reference)
    await expectDifferent(run('d-sum', { beta: 0.9, s, localSteps: 4 }), reference)
  })

  it.each([0, 1])('with K = 1 on any W and mixed momentum is gossip momentum SGD (s = %i)', (s) =>
    expectEqual(
      run('d-sum', { beta: 0.9, s, mixMomentum: true }, { topology: 'ring' }),
      run('gossip-msgd', { beta: 0.9, option: s === 1 ? 'nesterov' : 'heavy-ball' }, { topology: 'ring' }),
    ),
  )

  it('with beta = 0 and K = 1 is D-PSGD', () =>
    expectEqual(run('d-sum', { beta: 0 }, { topology: 'ring' }), run('d-psgd', {}, { topology: 'ring' })))

  it('with beta = 0 and W = J is FedAvg', () => expectEqual(run('d-sum', { beta: 0, localSteps: 4 }), run('fedavg', { localSteps: 4 })))

  it('with s = 1 / (1 - beta) has no momentum: the learning rate is eta / (1 - beta)', () =>
    expectEqual(
      run('d-sum', { beta: 0.5, s: 2, localSteps: 3 }, { topology: 'ring', learningRate: () => 0.02 }),
      run('d-sum', { beta: 0, localSteps: 3 }, { topology: 'ring', learningRate: () => 0.04 }),
    ))

  it('on one shard for all is serial SUM, whatever the topology', () =>
    expectEqual(
      run('d-sum', { beta: 0.9, s: 0.5 }, { topology: 'chain', problem: shared }),
      run('d-sum', { beta: 0.9, s: 0.5 }, { problem: shared }),
    ))
})

describe('GT-DSUM', () => {
  it('with K = 1 and W = J is DMSGD', () => expectEqual(run('gt-dsum', { beta: 0.9 }), run('dmsgd', { beta: 0.9 })))

  it('with beta = 0 and K = 1 is gradient tracking', () =>
    expectEqual(run('gt-dsum', { beta: 0 }, { topology: 'ring' }), run('gt-dsgd', {}, { topology: 'ring' })))

  it('with beta = 0 is K-GT', () =>
    expectEqual(run('gt-dsum', { beta: 0, localSteps: 4 }, { topology: 'ring' }), run('k-gt', { localSteps: 4 }, { topology: 'ring' })))

  it('with beta = 0 and W = J is SCAFFOLD', () =>
    expectEqual(run('gt-dsum', { beta: 0, localSteps: 4 }), run('scaffold', { localSteps: 4 })))

  it('on one shard for all is D-SUM with mixed momentum', () =>
    expectEqual(
      run('gt-dsum', { beta: 0.9, s: 1, localSteps: 4 }, { topology: 'ring', problem: shared }),
      run('d-sum', { beta: 0.9, s: 1, localSteps: 4, mixMomentum: true }, { topology: 'ring', problem: shared }),
    ))

  it('has a mean model that D-SUM does not have: the tracker removes the bias of differing shards', () =>
    expectDifferent(
      run('gt-dsum', { beta: 0.9, localSteps: 4 }, { topology: 'ring' }),
      run('d-sum', { beta: 0.9, localSteps: 4, mixMomentum: true }, { topology: 'ring' }),
    ))
})

describe('PR-SGD-Momentum', () => {
  it('with I = 1 is DMSGD', () => expectEqual(run('pr-sgd-m', { beta: 0.9, localSteps: 1 }), run('dmsgd', { beta: 0.9 })))
  it('with beta = 0 is local SGD', () => expectEqual(run('pr-sgd-m', { beta: 0, localSteps: 4 }), run('fedavg', { localSteps: 4 })))
  it('is gossip momentum SGD with I = 1 and W = J', () => expectEqual(run('pr-sgd-m', { beta: 0.9 }), run('gossip-msgd', { beta: 0.9 })))
})

describe('GMC', () => {
  it('without compression is DMSGD, also with a decaying learning rate', () =>
    expectEqual(run('gmc', { beta: 0.9 }, { learningRate: decaying }), run('dmsgd', { beta: 0.9 }, { learningRate: decaying })))

  it('with beta = 0 is error-feedback SGD, as DGC and DEF-A then are', async () => {
    const reference = run('gmc', { beta: 0 }, { compressor: top3 })
    await expectEqual(run('dgc', { beta: 0, masking: false }, { compressor: top3 }), reference)
    await expectEqual(run('def-a', { beta: 0, lambda: 0 }, { compressor: top3 }), reference)
    await expectEqual(run('gmc-server-momentum', { beta: 0 }, { compressor: top3 }), reference)
  })

  it('+ with lambda = 0 is GMC', () =>
    expectEqual(run('gmc-plus', { beta: 0.9, lambda: 0 }, { compressor: top3 }), run('gmc', { beta: 0.9 }, { compressor: top3 })))

  it('with the learning rate in the residual is the same while it stays, and another when it decays', async () => {
    await expectEqual(run('gmc-lr-residual', { beta: 0.9 }, { compressor: top3 }), run('gmc', { beta: 0.9 }, { compressor: top3 }))
    const options = { compressor: top3, learningRate: decaying }
    await expectDifferent(run('gmc-lr-residual', { beta: 0.9 }, options), run('gmc', { beta: 0.9 }, options))
  })

  it('with the momentum on the server is another method under compression', () =>
    expectDifferent(run('gmc-server-momentum', { beta: 0.9 }, { compressor: top3 }), run('gmc', { beta: 0.9 }, { compressor: top3 })))
})

describe('DGC', () => {
  it('without compression is DMSGD without masking, and plain SGD with it', async () => {
    await expectEqual(run('dgc', { beta: 0.9, masking: false }), run('dmsgd', { beta: 0.9 }))
    await expectEqual(run('dgc', { beta: 0.9, masking: true }), run('dmsgd', { beta: 0 }))
  })

  it('without masking is DEF with lambda = 0 while the learning rate stays', () =>
    expectEqual(
      run('dgc', { beta: 0.9, masking: false }, { compressor: top3 }),
      run('def-a', { beta: 0.9, lambda: 0 }, { compressor: top3 }),
    ))
})

describe('DEF-A', () => {
  it('without compression is DMSGD', () => expectEqual(run('def-a', { beta: 0.9, lambda: 0.3 }), run('dmsgd', { beta: 0.9 })))
})

describe('CSER', () => {
  it('with C2 = identity is DMSGD', () =>
    expectEqual(run('cser', { beta: 0.9 }, { resetCompressor: nothing }), run('dmsgd', { beta: 0.9 })))

  it('with C1 = identity and a reset every step is DMSGD', async () => {
    const trace = run('cser', { beta: 0.9, resetInterval: 1 }, { compressor: top3, resetCompressor: identity })
    await expectEqual(trace, run('dmsgd', { beta: 0.9 }))
  })

  it('with C1 = identity and C2 = 0 is local momentum SGD, averaged every H steps', () =>
    expectEqual(
      run('cser', { beta: 0.9, resetInterval: 4 }, { compressor: nothing, resetCompressor: identity }),
      run('d-sum', { beta: 0.9, localSteps: 4 }),
    ))

  it('with nothing sent is local training', () =>
    expectEqual(
      run('cser', { beta: 0.9, resetInterval: 4 }, { compressor: nothing, resetCompressor: nothing }),
      run('local', { beta: 0.9 }),
    ))

  it('on one curvature for all has the mean model of DMSGD under any compression', async () => {
    // The mean of the gradients is the gradient at the mean model when all curvatures are equal.
    const equal = { curvature: shared.curvature, minimizer: problem.minimizer }
    const mean = meanOf(
      await run(
        'cser',
        { beta: 0.9, resetInterval: 5 },
        { compressor: top3, resetCompressor: blockFrom(4, (step) => step % DIMENSION), problem: equal },
      ),
    )
    expect(relativeError(mean, meanOf(await run('dmsgd', { beta: 0.9 }, { problem: equal })))).toBeLessThan(EQUAL)
  })
})

describe('decentralized baselines', () => {
  it('quasi-global momentum with beta = 0 is D-PSGD', () =>
    expectEqual(run('qg-dsgdm', { beta: 0 }, { topology: 'ring' }), run('d-psgd', {}, { topology: 'ring' })))

  it('D-PSGD with beta = 0 momentum is D-PSGD', () =>
    expectEqual(run('d-psgd-m', { beta: 0 }, { topology: 'ring' }), run('d-psgd', {}, { topology: 'ring' })))

  it('CHOCO-SGD without compression and gamma = 1 is D-PSGD', () =>
    expectEqual(run('choco-sgd', { gamma: 1 }, { topology: 'ring' }), run('d-psgd', {}, { topology: 'ring' })))

  it('SlowMo with slowBeta = 0 and slowLr = 1 averages local momentum SGD', () =>
    expectEqual(run('slowmo', { beta: 0.9, slowBeta: 0, localSteps: 4 }), run('d-sum', { beta: 0.9, localSteps: 4 })))

  it('SlowMo with K = 1, no inner momentum and slowLr = 1 is DMSGD with slowBeta', () =>
    expectEqual(run('slowmo', { beta: 0, slowBeta: 0.9, localSteps: 1 }), run('dmsgd', { beta: 0.9 })))

  it.each(['gt-dsgd', 'momentum-tracking', 'k-gt', 'd2'])(
    '%s, with one curvature for all, has the mean model of momentum SGD on the mean gradient',
    async (id) => {
      const equal = { curvature: shared.curvature, minimizer: problem.minimizer }
      const beta = id === 'momentum-tracking' ? 0.9 : 0
      const mean = meanOf(await run(id, id === 'momentum-tracking' ? { beta } : {}, { topology: 'chain', problem: equal }))
      expect(relativeError(mean, meanOf(await run('dmsgd', { beta }, { problem: equal })))).toBeLessThan(EQUAL)
    },
  )

  it('RelaySGD goes to the optimum on a chain where D-PSGD stays beside it', async () => {
    const optimum = Array.from({ length: DIMENSION }, (_, d) => {
      const curvatures = problem.curvature.map((row) => row[d] + 0.01)
      return problem.curvature.reduce((sum, row, i) => sum + row[d] * problem.minimizer[i][d], 0) / curvatures.reduce((a, b) => a + b)
    })
    const distance = async (id: string) =>
      relativeError(meanOf(await run(id, {}, { topology: 'chain', learningRate: () => 0.3 })).slice(-DIMENSION), optimum)
    expect(await distance('relay-sgd')).toBeLessThan(0.5 * (await distance('d-psgd')))
  })
})
