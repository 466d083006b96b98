import { beforeAll, describe, expect, it } from 'vitest'
import { LabError, type MetricEvent, openBackend, parseRunConfig, type RunConfigInput } from '../../engine/index.ts'
import { serveThread } from './serve-thread.ts'
import { simulateInThreads, type ThreadedSimulationOptions } from './simulate-in-threads.ts'

const small: RunConfigInput = { workers: 3, trainImages: 120, testImages: 30, steps: 4, batchSize: 4, evaluateEvery: 2 }
const choice = { name: 'simd', reason: 'a test', adapter: null, hardware: false, selfTest: null } as const

// They would all start it at once, in one process.
beforeAll(() => openBackend(choice))

/** "Threads" of this very thread, on the same messages. Their ends are counted. */
function run(threads: number, change: RunConfigInput = {}, options: Partial<ThreadedSimulationOptions> = {}) {
  const ended: number[] = []
  let started = 0
  const result = simulateInThreads({
    run: 'test',
    config: parseRunConfig({ ...small, ...change }),
    choice,
    threads,
    startThread() {
      const { port1, port2 } = new MessageChannel()
      serveThread(port2, () => Promise.reject(new LabError('dataset', 'there is no data set here')))
      const number = started++
      return {
        port: port1,
        end() {
          port1.close()
          ended.push(number)
        },
      }
    },
    ...options,
  })
  return { result, ended }
}

describe('simulateInThreads', () => {
  it.each<RunConfigInput>([
    { algorithm: { id: 'gmc' }, aggregation: 'server' },
    { algorithm: { id: 'dmsgd' }, aggregation: 'ring' },
    { algorithm: { id: 'relay-sgd' }, topology: 'chain' },
  ])('gives the same for any number of threads: %j', async (change) => {
    const [one, two, three] = [await run(1, change).result, await run(2, change).result, await run(3, change).result].map(
      ({ summary }) => summary,
    )
    for (const { parametersSha256, accuracy, consensusDistance, sentBytes } of [two, three])
      expect({ parametersSha256, accuracy, consensusDistance, sentBytes }).toEqual({
        parametersSha256: one.parametersSha256,
        accuracy: one.accuracy,
        consensusDistance: one.consensusDistance,
        sentBytes: one.sentBytes,
      })
    expect(one.parametersSha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it('brings all events, those of each worker in order, and the progress of the preparation', async () => {
    const heard: MetricEvent[] = []
    const stages = new Set<string>()
    const { result, ended } = run(2, {}, { onEvent: (event) => heard.push(event), onProgress: (stage) => stages.add(stage) })
    const { events, summary } = await result
    expect(heard).toEqual(events)
    for (const rank of [0, 1, 2])
      expect(events.filter((event) => event.rank === rank).map((event) => event.type)).toEqual([
        'step',
        'step',
        'evaluation',
        'step',
        'step',
        'evaluation',
        'finished',
      ])
    expect(summary.workers.map(({ backend, reason }) => [backend, reason])).toEqual([0, 1, 2].map(() => ['simd', 'a test']))
    expect([...stages].sort()).toEqual(['data', 'model'])
    expect(ended).toEqual([0, 1])
  })

  it('tells the simulated time of the worker that takes longest', async () => {
    const { result } = run(3, { algorithm: { id: 'd-psgd' }, evaluateEvery: 0 }, { links: { bitsPerSecond: 20e6, latencyMs: 10 } })
    const { simulatedTime } = (await result).summary
    // Four rounds and the last evaluation, each two models of 2.1 Mbit over a 20 Mbit/s uplink: at least 0.21 s.
    expect(simulatedTime?.communicatingSeconds).toBeGreaterThan(5 * 0.2)
    expect(simulatedTime?.communicatingSeconds).toBeLessThan(5 * 0.5)
    expect(simulatedTime?.computingSeconds).toBeGreaterThan(0)
  })

  it('stops when asked, with what there is', async () => {
    const controller = new AbortController()
    const onEvent = (event: MetricEvent) => event.type === 'step' && event.step === 4 && controller.abort()
    const { result, ended } = run(2, { steps: 100_000 }, { onEvent, signal: controller.signal })
    const { summary } = await result
    expect(summary).toMatchObject({ status: 'stopped', parametersSha256: null })
    expect(summary.steps).toBeGreaterThanOrEqual(4)
    expect(ended).toEqual([0, 1])
  })

  it.each<[string, RunConfigInput, string, RegExp]>([
    ['prepares', { dataset: 'cifar10' }, 'dataset', /there is no data set here/],
    ['trains', { learningRate: 100, weightDecay: 1, steps: 40 }, 'diverged', /take a smaller learning rate than 100/],
  ])('ends with the error of a thread that %s, as it was there', async (_, change, kind, message) => {
    const { result, ended } = run(2, change)
    const error = await result.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(LabError)
    expect(error).toMatchObject({ kind, message: expect.stringMatching(message) })
    expect(ended).toEqual([0, 1])
  })

  it('ends with the error of a thread that breaks', async () => {
    const silent = () => ({ port: new MessageChannel().port1, end: () => {} })
    const startThread: ThreadedSimulationOptions['startThread'] = (onBroken) => {
      queueMicrotask(() => onBroken(new Error('out of memory')))
      return silent()
    }
    await expect(run(2, {}, { startThread }).result).rejects.toThrow('out of memory')
  })
})
