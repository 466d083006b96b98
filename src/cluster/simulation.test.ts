import { beforeAll, describe, expect, it, vi } from 'vitest'
import {
  algorithms,
  type Backend,
  chooseBackend,
  findAlgorithm,
  type MetricEvent,
  openBackend,
  parseRunConfig,
  type RunConfigInput,
  shapes10,
} from '../engine/index.ts'
import { zeroPayload } from '../p2p/index.ts'
import { createSimulation, simulate } from './simulation.ts'

const small: RunConfigInput = { workers: 3, trainImages: 120, testImages: 60, steps: 6, batchSize: 4, evaluateEvery: 3, topology: 'chain' }

let backend: Backend
beforeAll(async () => {
  backend = await openBackend(await chooseBackend('simd'))
})

const run = (change: RunConfigInput = {}, onEvent?: (event: MetricEvent) => void, signal?: AbortSignal) =>
  simulate({
    run: 'test',
    config: parseRunConfig({ ...small, ...change }),
    openDataset: () => Promise.reject(new Error('not asked for')),
    backend,
    onEvent,
    signal,
  })

describe('simulate', () => {
  it.each(algorithms.map(({ id }) => id))('runs %s to its end and says what happened', async (id) => {
    const workers = findAlgorithm(id)?.mostWorkers ?? 3
    const { summary, events } = await run({ algorithm: { id }, workers, steps: 4, evaluateEvery: 2 })
    expect(summary).toMatchObject({ schema: 'tabswarm/summary/1', status: 'finished', steps: 4 })
    const ranks = Array.from({ length: workers }, (_, rank) => rank)
    expect(summary.workers.map(({ rank, backend, steps }) => [rank, backend, steps])).toEqual(ranks.map((rank) => [rank, 'simd', 4]))
    expect(summary.parametersSha256).toMatch(/^[0-9a-f]{64}$/)
    expect(events.filter((event) => event.type === 'step')).toHaveLength(4 * workers)
    expect(events.filter((event) => event.type === 'evaluation').map((event) => event.step)).toEqual([
      ...ranks.map(() => 2),
      ...ranks.map(() => 4),
    ])
    // All workers know the same averaged model and consensus distance.
    const last = events.filter((event) => event.type === 'evaluation' && event.step === 4)
    for (const key of ['averagedAccuracy', 'averagedLoss', 'consensusDistance'])
      expect(new Set(last.map((event) => event[key as keyof typeof event])).size).toBe(1)
    expect(new Set(events.filter((event) => event.type === 'finished').map((event) => event.parametersSha256)).size).toBe(1)
  })

  it('tells accuracies class by class that add up to the whole, and differ where the data do', async () => {
    const { events } = await run({ steps: 12, evaluateEvery: 0, partition: 'dirichlet', alpha: 0.1, algorithm: { id: 'local' } })
    const pictures = new Array<number>(10).fill(0)
    for (const label of (await shapes10.testLabels()).subarray(0, small.testImages)) pictures[label]++
    const total = (accuracies: number[]) => accuracies.reduce((sum, accuracy, label) => sum + accuracy * pictures[label], 0)
    const evaluations = events.filter((event) => event.type === 'evaluation')
    expect(evaluations).toHaveLength(3)
    for (const { accuracy, classAccuracy, averagedAccuracy, averagedClassAccuracy } of evaluations) {
      expect(total(classAccuracy)).toBeCloseTo(accuracy * (small.testImages ?? 0))
      expect(total(averagedClassAccuracy)).toBeCloseTo(averagedAccuracy * (small.testImages ?? 0))
    }
    expect(new Set(evaluations.map(({ classAccuracy }) => `${classAccuracy}`)).size).toBe(3)
    expect(new Set(evaluations.map(({ averagedClassAccuracy }) => `${averagedClassAccuracy}`)).size).toBe(1)
  })

  it.each(['dmsgd', 'gmc', 'pr-sgd-m'])(
    '%s gives the same bits through a server as from everybody to everybody; the bytes differ',
    async (id) => {
      const [all, server] = [await run({ algorithm: { id } }), await run({ algorithm: { id }, aggregation: 'server' })]
      expect(server.summary.parametersSha256).toBe(all.summary.parametersSha256)
      expect(server.summary.sentBytes.payload).not.toBe(all.summary.sentBytes.payload)
      expect(server.summary.relativeCommunicationCost).toBe(all.summary.relativeCommunicationCost)
    },
  )

  it('a ring all-reduce sends 2 (N-1)/N of a dense vector, and agrees up to rounding', async () => {
    const [all, ring] = [await run({ algorithm: { id: 'dmsgd' } }), await run({ algorithm: { id: 'dmsgd' }, aggregation: 'ring' })]
    expect(ring.summary.sentBytes.payload).toBe(6 * 2 * 2 * 66_730 * 4)
    expect(all.summary.sentBytes.payload).toBe(6 * 3 * 2 * 66_730 * 4)
    expect(ring.summary.consensusDistance).toBeLessThan(1e-5)
    expect(Math.abs((ring.summary.accuracy?.averaged ?? 0) - (all.summary.accuracy?.averaged ?? 1))).toBeLessThan(0.1)
    expect(ring.summary.relativeCommunicationCost).toBe(1)
  })

  it('float16 halves the bytes of dense vectors', async () => {
    const [full, half] = [await run(), await run({ float16: true })]
    expect(half.summary.sentBytes.payload).toBe(full.summary.sentBytes.payload / 2)
    expect(half.summary.parametersSha256).not.toBe(full.summary.parametersSha256)
  })

  it('compression sends what it promises: RCC of a block is k / D', async () => {
    const { summary } = await run({ algorithm: { id: 'gmc-plus' }, compressor: { id: 'block', ratio: 0.05 } })
    expect(summary.relativeCommunicationCost).toBeCloseTo(0.05, 3)
  })

  it('says how long a slow network would take, without changing a number', async () => {
    const config = parseRunConfig({ ...small, algorithm: { id: 'd-psgd' }, topology: 'ring', evaluateEvery: 0 })
    const links = { bitsPerSecond: 20e6, latencyMs: 10 }
    const open = { run: 'test', config, openDataset: () => Promise.reject(new Error('not asked for')), backend }
    const [slow, plain] = [await simulate({ ...open, links }), await simulate(open)]
    expect(slow.summary.parametersSha256).toBe(plain.summary.parametersSha256)
    expect(plain.summary.simulatedTime).toBeUndefined()
    // Six rounds and the last evaluation, each two models of 2.1 Mbit over a 20 Mbit/s uplink: at least 0.21 s.
    expect(slow.summary.simulatedTime?.communicatingSeconds).toBeGreaterThan(7 * 0.2)
    expect(slow.summary.simulatedTime?.communicatingSeconds).toBeLessThan(7 * 0.5)
    expect(slow.summary.simulatedTime?.computingSeconds).toBeGreaterThan(0)
  })

  it('gives the same parameters for the same seed, others for another', async () => {
    const hash = async (seed: number) => (await run({ seed })).summary.parametersSha256
    expect(await hash(1)).toBe(await hash(1))
    expect(await hash(1)).not.toBe(await hash(2))
  })

  it('counts bytes: a chain of 3 has 4 directed links, each carrying the model once a round', async () => {
    const { summary } = await run({ algorithm: { id: 'd-sum', localSteps: 2 } })
    const modelBytes = 66_730 * 4
    expect(summary.sentBytes.payload).toBe(3 * 4 * modelBytes)
    expect(summary.sentBytes.byKind).toEqual({ ...zeroPayload(), model: 3 * 4 * modelBytes })
    expect(summary.workers.map(({ sentBytes }) => sentBytes.byKind.model)).toEqual([1, 2, 1].map((links) => 3 * links * modelBytes))
    expect(summary.sentBytes.framing).toBeGreaterThan(0)
    expect(summary.sentBytes.framing).toBeLessThan(0.01 * summary.sentBytes.payload)
    // Evaluations exchange models too, but are not the algorithm's traffic.
    expect(summary.sentBytes.control).toBeGreaterThan(2 * 6 * modelBytes)
  })

  it('keeps one model on all workers where the method says so, and apart where it does not', async () => {
    expect((await run({ algorithm: { id: 'dmsgd' } })).summary.consensusDistance).toBeLessThan(1e-5)
    expect((await run({ algorithm: { id: 'd-psgd' } })).summary.consensusDistance).toBeGreaterThan(1e-3)
  })

  it('stops when asked, with what there is', async () => {
    const controller = new AbortController()
    const { summary } = await run(
      { steps: 1000 },
      (event) => event.type === 'step' && event.step === 4 && controller.abort(),
      controller.signal,
    )
    expect(summary).toMatchObject({ status: 'stopped', parametersSha256: null })
    expect(summary.steps).toBeLessThan(10)
  })

  it('marks what comes out as simulated', async () => {
    expect((await run({ steps: 1, evaluateEvery: 0 })).summary.simulated).toBe(true)
  })

  it('ends with advice when training diverges', async () => {
    await expect(run({ learningRate: 100, weightDecay: 1, steps: 40 })).rejects.toThrow(
      /training diverged; take a smaller learning rate than 100/,
    )
  })

  it('leaks nothing over 200 steps', async () => {
    const before = backend.allocations()
    const counts = new Map<number, number>()
    await run({ workers: 1, steps: 200, batchSize: 1, testImages: 10, evaluateEvery: 50 }, (event) => {
      if (event.type === 'step') counts.set(event.step, backend.allocations())
    })
    expect(counts.get(200)).toBe(counts.get(10))
    expect(backend.allocations()).toBe(before)
  })
})

describe('createSimulation', () => {
  /** A simulation, what it has done of each step, and a way to wait for its next pause. */
  async function steered(change: RunConfigInput) {
    const config = parseRunConfig({ ...small, evaluateEvery: 0, ...change })
    const steps = new Map<number, number>()
    let paused: (step: number) => void = () => {}
    const simulation = await createSimulation({
      run: 'test',
      config,
      openDataset: () => Promise.reject(new Error('not asked for')),
      backend,
      onEvent: (event) => event.type === 'step' && steps.set(event.rank, event.step),
      onPaused: (step) => paused(step),
    })
    const pause = () =>
      new Promise<number>((resolve) => {
        paused = resolve
        simulation.runUntil(0)
      })
    return { simulation, steps, pause }
  }

  it('pauses all workers before the same step, at the end of a round, wherever each of them is', async () => {
    const { simulation, steps, pause } = await steered({ steps: 40, workers: 5, algorithm: { id: 'd-sum', localSteps: 3 } })
    const finished = simulation.run()
    const pauses: number[] = []
    for (let i = 0; i < 3; i++) {
      // Somewhere on the way: the ends of a chain may be rounds apart.
      await vi.waitUntil(() => (steps.get(0) ?? 0) > (pauses.at(-1) ?? 0), { timeout: 20_000, interval: 5 })
      const step = await pause()
      expect(step % 3).toBe(0)
      expect([...steps.values()]).toEqual([step, step, step, step, step])
      expect(await pause(), 'one round more').toBe(step + 3)
      pauses.push(step + 3)
      simulation.runUntil(null)
    }
    expect(await finished).toBe(true)
    expect([...steps.values()]).toEqual([40, 40, 40, 40, 40])
    simulation.dispose()
  })

  it('gives the same bits with pauses as without', async () => {
    const hashes: string[] = []
    const config = parseRunConfig({ ...small, algorithm: { id: 'gt-dsum' } })
    for (const pausing of [true, false]) {
      const simulation = await createSimulation({
        run: 'test',
        config,
        openDataset: () => Promise.reject(new Error('not asked for')),
        backend,
        onEvent: (event) => event.type === 'finished' && hashes.push(event.parametersSha256),
        onPaused: () => simulation.runUntil(null),
      })
      if (pausing) simulation.runUntil(2)
      expect(await simulation.run()).toBe(true)
      simulation.dispose()
    }
    expect(new Set(hashes).size).toBe(1)
    expect(hashes).toHaveLength(2 * config.workers)
  })

  it('tells how much of its preparation is done, never less than before', async () => {
    const told: number[] = []
    const simulation = await createSimulation({
      run: 'test',
      config: parseRunConfig(small),
      openDataset: () => Promise.reject(new Error('not asked for')),
      backend,
      onProgress: (_, fraction) => told.push(fraction),
    })
    await simulation.dispose()
    expect(new Set(told).size).toBeGreaterThan(4)
    expect(told).toEqual(told.toSorted((a, b) => a - b))
    expect(told.at(-1)).toBeLessThanOrEqual(1)
  })

  it('stops its preparation when told to, and leaves nothing behind', async () => {
    const before = backend.allocations()
    const controller = new AbortController()
    const creating = createSimulation({
      run: 'test',
      config: parseRunConfig(small),
      openDataset: () => Promise.reject(new Error('not asked for')),
      backend,
      onProgress: (_, fraction) => fraction > 0.3 && controller.abort(new Error('not wanted')),
      signal: controller.signal,
    })
    await expect(creating).rejects.toThrow('not wanted')
    expect(backend.allocations()).toBe(before)
  })
})
