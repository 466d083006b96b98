import { beforeAll, expect, it } from 'vitest'
import { type SimulationResult, simulate, simulateInThreads } from '../../cluster/index.ts'
import {
  type BackendChoice,
  chooseBackend,
  LabError,
  type MetricEvent,
  openBackend,
  parseRunConfig,
  type RunConfigInput,
} from '../../engine/index.ts'
import { startThread } from './start-thread.ts'

const small: RunConfigInput = { workers: 4, trainImages: 200, testImages: 40, steps: 5, batchSize: 4, evaluateEvery: 3 }

let choice: BackendChoice
beforeAll(async () => {
  choice = await chooseBackend('simd')
})

const inThreads = (threads: number, change: RunConfigInput, onEvent?: (event: MetricEvent) => void, signal?: AbortSignal) =>
  simulateInThreads({ run: 'test', config: parseRunConfig({ ...small, ...change }), choice, threads, startThread, onEvent, signal })

/** What must not depend on the threads. */
const figures = ({ summary, events }: SimulationResult) => ({
  status: summary.status,
  parametersSha256: summary.parametersSha256,
  accuracy: summary.accuracy,
  consensusDistance: summary.consensusDistance,
  sentBytes: summary.sentBytes,
  ofWorkers: summary.workers.map(({ steps, accuracy, sentBytes }) => ({ steps, accuracy, sentBytes })),
  losses: events.flatMap((event) => (event.type === 'step' ? `${event.rank} ${event.step} ${event.loss}` : [])).sort(),
})

it.each<RunConfigInput>([
  { algorithm: { id: 'gt-dsum', localSteps: 2 } },
  { algorithm: { id: 'gmc' }, compressor: { id: 'top-k', ratio: 0.05 } },
])('threads of Node give the numbers of one thread, whatever their number: %j', async (change) => {
  const config = parseRunConfig({ ...small, ...change })
  const alone = await simulate({
    run: 'test',
    config,
    openDataset: () => Promise.reject(new Error('not asked for')),
    backend: await openBackend(choice),
  })
  expect(alone.summary.status).toBe('finished')
  for (const threads of [2, 3]) expect(figures(await inThreads(threads, change)), `${threads} threads`).toEqual(figures(alone))
})

it('an error in a thread ends the run as it would here', async () => {
  const error = await inThreads(2, { learningRate: 100, weightDecay: 1, steps: 40 }).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(LabError)
  expect((error as LabError).kind).toBe('diverged')
  expect((error as LabError).message).toMatch(/training diverged; take a smaller learning rate than 100/)
})

it('stops when asked, with what there is', async () => {
  const controller = new AbortController()
  const onEvent = (event: MetricEvent) => event.type === 'step' && event.step === 4 && controller.abort()
  const { summary } = await inThreads(2, { steps: 100_000 }, onEvent, controller.signal)
  expect(summary).toMatchObject({ status: 'stopped', parametersSha256: null })
  expect(summary.steps).toBeGreaterThanOrEqual(4)
})

it('a fault in a thread is told, and the thread can still be ended', async () => {
  const thread = await new Promise<{ error: Error; end(): void | Promise<void> }>((resolve) => {
    const { port, end } = startThread((error) => resolve({ error, end }))
    port.postMessage(null)
  })
  expect(thread.error.message).toMatch(/null/)
  await thread.end()
})
