import { type Backend, type Insight, type MetricEvent, type OpenDataset, type RunConfig, yieldToMessages } from '../engine/index.ts'
import { createMemoryNetwork, type LinkModel, type SimulatedClock, type View } from '../p2p/index.ts'
import { createMember, type Member, type Training } from './member.ts'
import { roundUp } from './steps-per-round.ts'
import { type SimulatedTime, type SimulationResult, wholeRun } from './whole-run.ts'

export interface SimulationOptions {
  run: string
  config: RunConfig
  openDataset: OpenDataset
  backend: Backend
  onEvent?(event: MetricEvent): void
  onInsight?(insight: Insight): void
  /** all workers wait before this step (0-based) because of runUntil */
  onPaused?(step: number): void
  onProgress?(stage: string, fraction: number): void
  /** what the links between the workers would be like; absent: no time is simulated */
  links?: LinkModel
  /** Where the workers are, by rank: null here, else the way to the thread that has it. Absent: all are here. */
  ports?: readonly (MessagePort | null)[]
  signal?: AbortSignal
}

/** All workers of a run in this thread, or its share of them, ready to train. */
export interface Simulation extends Training {
  /**
   * Pauses before the step, or, where a worker is beyond it already, at the end of the next round: all workers before the same step.
   * Only for a simulation that has all workers.
   */
  runUntil(step: number | null): void
  /** undefined without links */
  simulatedTime(): SimulatedTime | undefined
}

/**
 * A whole run in this process, from its beginning to its summary. The signal stops its training.
 * @throws LabError for what the configuration asks and this place cannot give
 */
export function simulate({ signal, ...options }: SimulationOptions): Promise<SimulationResult> {
  return wholeRun({ ...options, signal }, async (onEvent) => {
    const simulation = await createSimulation({ ...options, onEvent })
    return { ...simulation, choice: { ...options.backend.choice, selfTest: simulation.selfTest } }
  })
}

/**
 * config.workers members over an in-memory network, with the same trainers, exchange and codec as tabs, so that the numbers are the same
 * too (bitwise on wasm). The signal ends the preparation.
 * @throws LabError for what the configuration asks and this place cannot give; the signal's reason
 */
export async function createSimulation(options: SimulationOptions): Promise<Simulation> {
  const { run, config, openDataset, backend, links, ports = [], signal } = options
  const view: View = { number: 1, members: Array.from({ length: config.workers }, (_, rank) => `worker-${rank}`) }
  const here = view.members.filter((_, rank) => !ports[rank])
  const away = new Map(view.members.flatMap((peer, rank) => (ports[rank] ? [[peer, ports[rank]]] : [])))
  const network = createMemoryNetwork(here, { links, seed: config.seed, ports: away })
  const opened = new Map<string, ReturnType<OpenDataset>>()
  const openOnce: OpenDataset = (name) => {
    const dataset = opened.get(name) ?? openDataset(name)
    opened.set(name, dataset)
    return dataset
  }

  const members: Member[] = []
  let current = view
  const waiting = new Set<number>()
  const stop = () => {
    for (const member of members) member.stop()
  }
  const dispose = () => {
    for (const member of members) member.dispose()
  }
  try {
    for (const [index, self] of here.entries()) {
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
        onInsight: options.onInsight,
        renewView(message) {
          current = { ...current, number: current.number + 1 }
          for (const other of members) other.changeView(current, `worker ${view.members.indexOf(self)}: ${message}`)
        },
        onPaused(step) {
          waiting.add(index)
          if (waiting.size === members.length) options.onPaused?.(step)
        },
        onProgress: (stage, fraction) => options.onProgress?.(stage, (index + partReady(stage, fraction)) / here.length),
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
    simulatedTime: () => (links ? longest(here.map((self) => network.clock(self))) : undefined),
    stop,
    dispose,
  }
}

/** The backend, with the time of every gradient told to a worker's simulated clock. */
function onClock(backend: Backend, clock: SimulatedClock): Backend {
  const { reopen } = backend
  return {
    ...backend,
    reopen: reopen && (async () => onClock(await reopen(), clock)),
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

/** A worker gets its pictures, then its model: how much of it is ready never falls. */
const partReady = (stage: string, fraction: number) => (stage === 'model' ? (1 + fraction) / 2 : fraction / 2)
