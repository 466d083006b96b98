import { beforeAll, describe, expect, it } from 'vitest'
import { type Backend, chooseBackend, openBackend, parseRunConfig, type RunConfigInput } from '../engine/index.ts'
import { simulate } from './simulation.ts'

/** float values of the model, and of its running statistics */
const [PARAMETERS, STATE] = [272_474, 1_568]
const STEPS = 2

let backend: Backend
beforeAll(async () => {
  backend = await openBackend(await chooseBackend('simd'))
})

/** Two workers with unlike shards train a network with batch normalization; the last evaluation of each, and what they sent. */
async function run(change: RunConfigInput) {
  const input: RunConfigInput = {
    model: 'resnet20-bn',
    workers: 2,
    alpha: 0.1,
    trainImages: 40,
    testImages: 10,
    steps: STEPS,
    batchSize: 2,
  }
  const before = backend.allocations()
  const { summary, events } = await simulate({
    run: 'test',
    config: parseRunConfig({ ...input, learningRate: 0.05, ...change }),
    openDataset: () => Promise.reject(new Error('not asked for')),
    backend,
  })
  expect(backend.allocations()).toBe(before)
  const evaluations = events
    .filter((event) => event.type === 'evaluation')
    .filter(({ step }) => step === STEPS)
    .sort((a, b) => a.rank - b.rank)
  expect(new Set(evaluations.map(({ averagedLoss }) => averagedLoss)).size).toBe(1)
  return { summary, losses: evaluations.map(({ loss }) => loss), averagedLoss: evaluations[0].averagedLoss }
}

describe('running statistics', () => {
  // With two workers, gossip, relay and average all give both the same model.
  it.each([
    ['fedavg', {}],
    ['d-psgd', {}],
    ['relay-sgd', { topology: 'chain' }],
  ] as const)('are averaged where %s averages models, and counted', async (id, change) => {
    const { summary, losses, averagedLoss } = await run({ algorithm: { id }, ...change })
    for (const loss of losses) expect(Math.abs(loss - averagedLoss)).toBeLessThan(1e-4)
    expect(summary.sentBytes.payload).toBe(2 * STEPS * 4 * (PARAMETERS + STATE))
  })

  it('stay with their worker where only gradients are sent, and are averaged to evaluate', async () => {
    const { summary, losses, averagedLoss } = await run({ algorithm: { id: 'dmsgd', beta: 0 } })
    expect(summary.consensusDistance).toBe(0)
    // FedAvg of one local step is the same method. Averaging is linear: often or once at the end gives the same statistics.
    const fedavg = await run({ algorithm: { id: 'fedavg' } })
    expect(Math.abs(averagedLoss - fedavg.averagedLoss)).toBeLessThan(1e-4)
    expect(Math.abs(losses[0] - losses[1])).toBeGreaterThan(1e-3)
    for (const loss of losses) expect(Math.abs(loss - averagedLoss)).toBeGreaterThan(1e-3)
    expect(summary.sentBytes.payload).toBe(2 * STEPS * 4 * PARAMETERS)
  })

  it('are never rounded to float16', async () => {
    const { summary } = await run({ algorithm: { id: 'fedavg' }, float16: true })
    expect(summary.sentBytes.payload).toBe(2 * STEPS * (2 * PARAMETERS + 4 * STATE))
  })

  it('are each worker’s own again after an evaluation', async () => {
    const [rare, often] = [await run({ algorithm: { id: 'dmsgd' } }), await run({ algorithm: { id: 'dmsgd' }, evaluateEvery: 1 })]
    expect(often.losses).toEqual(rare.losses)
    expect(often.summary.accuracy).toEqual(rare.summary.accuracy)
  })
})
