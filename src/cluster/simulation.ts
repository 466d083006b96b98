import { type Backend, type MetricEvent, type OpenDataset, type RunConfig, yieldToMessages } from '../engine/index.ts'
import { createMemoryNetwork, type LinkModel, type SimulatedClock, type View } from '../p2p/index.ts'
import { createMember, type Member, type Training } from './member.ts'
import { roundUp } from './run-record.ts'
import { type RunSummary, summarize } from './summary.ts'

export interface SimulationOptions {
  run: string
  config: RunConfig
  openDataset: OpenDataset
  backend: Backend
  onEvent?(event: MetricEvent): void
  /** all workers wait before this step (0-based) because of runUntil */
  onPaused?(step: number): void
  onProgress?(stage: string, fraction: number): void
  /** what the links between the workers would be like; absent: no time is simulated */
  links?: LinkModel
  signal?: AbortSignal
}

/** All workers of a run in this process, ready to train. */
export interface Simulation extends Training {
  /** Pauses before the step, or, where a worker is beyond it already, at the end of the next round: all workers before the same step. */
  runUntil(step: number | null): void
  /** undefined without links */
  simulatedTime(): SimulatedTime | undefined
}

/** How long the run would take on the simulated network: of the worker that takes longest. */
export interface SimulatedTime {
  totalSeconds: number
  /** gradients, as measured here */
  computingSeconds: number
  /** waiting for what the others send */
  communicatingSeconds: number
}

export interface SimulationResult {
  summary: RunSummary & { simulatedTime?: SimulatedTime }
  events: MetricEvent[]
}

/**
 * A whole run in this process, from its beginning to its summary. The signal stops its training.
 * @throws LabError for what the configuration asks and this place cannot give
 */
export async function simulate({ signal, ...options }: SimulationOptions): Promise<SimulationResult> {
  const { run, config, backend } = options
  const events: MetricEvent[] = []
  const simulation = await createSimulation({
    ...options,
    onEvent(event) {
      events.push(event)
      options.onEvent?.(event)
    },
  })
  const stop = () => simulation.stop()
  try {
    signal?.addEventListener('abort', stop)
    if (signal?.aborted) stop()
    const status = (await simulation.run()) ? 'finished' : 'stopped'
    const backends = Array.from({ length: config.workers }, () => ({ ...backend.choice, selfTest: simulation.selfTest }))
    const summary = summarize(run, status, config, backends, events, true)
    const simulatedTime = simulation.simulatedTime()
    return { summary: simulatedTime ? { ...summary, simulatedTime } : summary, events }
  } finally {
    signal?.removeEventListener('abort', stop)
    simulation.dispose()
  }
}

/**
 * config.workers members over an in-memory network, with the same trainers, exchange and codec as tabs, so that the numbers are the same
 * too (bitwise on wasm). The signal ends the preparation.
 * @throws LabError for what the configuration asks and this place cannot give; the signal's reason
 */
export async function createSimulation(options: SimulationOptions): Promise<Simulation> {
  const { run, config, openDataset, backend, links, signal } = options
  const view: View = { number: 1, members: Array.from({ length: config.workers }, (_, rank) => `worker-${rank}`) }
  const network = createMemoryNetwork(view.members, { links, seed: config.seed })
  const opened = new Map<string, ReturnType<OpenDataset>>()
  const openOnce: OpenDataset = (name) => {
    const dataset = opened.get(name) ?? openDataset(name)
    opened.set(name, dataset)
    return dataset
  }

  const members: Member[] = []
  const waiting = new Set<number>()
  const stop = () => {
    for (const member of members) member.stop()
  }
  const dispose = () => {
    for (const member of members) member.dispose()
  }
  try {
    for (const [rank, self] of view.members.entries()) {
      await yieldToMessages()
      signal?.throwIfAborted()
      const member = await createMember({
        run,
        config,
        self,
        view,
        transport: network.transport(self),
        openDataset: openOnce,
        backend: links ? onClock(backend, network.clock(self)) : backend,
        onEvent: (event) => options.onEvent?.(event),
        onPaused(step) {
          waiting.add(rank)
          if (waiting.size === members.length) options.onPaused?.(step)
        },
        onProgress: (stage, fraction) => options.onProgress?.(stage, (rank + fraction) / config.workers),
      })
      members.push(member)
    }
  } catch (error) {
    dispose()
    throw error
  }

  const [{ parameters, shards, shardSize, spectralGap, selfTest }] = members
  return {
    parameters,
    shards,
    shardSize,
    spectralGap,
    selfTest,
    async run() {
      try {
        return (await Promise.all(members.map((member) => member.run()))).every(Boolean)
      } catch (error) {
        stop()
        throw error
      }
    },
    runUntil(step) {
      waiting.clear()
      // Whoever has done the most steps may be in the next one: nobody can be beyond that.
      const soonest = roundUp(config, Math.max(...members.map(({ steps }) => steps)) + 1)
      const limit = step === null ? null : Math.max(step, soonest)
      for (const member of members) member.runUntil(limit)
    },
    simulatedTime: () => (links ? longest(view.members.map((self) => network.clock(self))) : undefined),
    stop,
    dispose,
  }
}

/** The backend, with the time of every gradient told to a worker's simulated clock. */
function onClock(backend: Backend, clock: SimulatedClock): Backend {
  return {
    ...backend,
    runner(model) {
      const runner = backend.runner(model)
      return {
        ...runner,
        async gradient(at, batch, into) {
          const start = performance.now()
          await runner.gradient(at, batch, into)
          await runner.loss()
          clock.advance((performance.now() - start) / 1000)
        },
      }
    },
  }
}

function longest(clocks: SimulatedClock[]): SimulatedTime {
  const { seconds, computingSeconds, communicatingSeconds } = clocks.reduce((a, b) => (b.seconds > a.seconds ? b : a))
  return { totalSeconds: seconds, computingSeconds, communicatingSeconds }
}
