import type { Backend, MetricEvent, OpenDataset, RunConfig } from '../engine/index.ts'
import { createMemoryNetwork, type LinkModel, type SimulatedClock, type View } from '../p2p/index.ts'
import { createMember, type Member } from './member.ts'
import { type RunSummary, summarize } from './summary.ts'

export interface SimulationOptions {
  run: string
  config: RunConfig
  openDataset: OpenDataset
  backend: Backend
  onEvent?(event: MetricEvent): void
  onProgress?(stage: string, fraction: number): void
  /** what the links between the workers would be like; absent: no time is simulated */
  links?: LinkModel
  signal?: AbortSignal
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
 * A whole run in this process: config.workers members over an in-memory network, with the same trainers, exchange and codec as
 * tabs, so that the numbers are the same too (bitwise on wasm).
 * @throws LabError for what the configuration asks and this place cannot give
 */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { run, config, openDataset, backend, signal } = options
  const view: View = { number: 1, members: Array.from({ length: config.workers }, (_, rank) => `worker-${rank}`) }
  const network = createMemoryNetwork(view.members, { links: options.links, seed: config.seed })
  const opened = new Map<string, ReturnType<OpenDataset>>()
  const openOnce: OpenDataset = (name) => {
    const dataset = opened.get(name) ?? openDataset(name)
    opened.set(name, dataset)
    return dataset
  }

  const events: MetricEvent[] = []
  const members: Member[] = []
  const stop = () => {
    for (const member of members) member.stop()
  }
  try {
    for (const [rank, self] of view.members.entries()) {
      const member = await createMember({
        run,
        config,
        self,
        view,
        transport: network.transport(self),
        openDataset: openOnce,
        backend: options.links ? onClock(backend, network.clock(self)) : backend,
        onEvent(event) {
          events.push(event)
          options.onEvent?.(event)
        },
        onProgress: (stage, fraction) => options.onProgress?.(stage, (rank + fraction) / config.workers),
      })
      members.push(member)
    }
    signal?.addEventListener('abort', stop)
    if (signal?.aborted) stop()
    const finished = await Promise.all(members.map((member) => member.run()))
    const status = finished.every(Boolean) ? 'finished' : 'stopped'
    const backends = view.members.map(() => backend.choice)
    const summary = summarize(run, status, config, backends, events)
    if (!options.links) return { summary, events }
    const clocks = view.members.map((self) => network.clock(self))
    return { summary: { ...summary, simulatedTime: longest(clocks) }, events }
  } finally {
    signal?.removeEventListener('abort', stop)
    for (const member of members) member.dispose()
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
          const loss = await runner.gradient(at, batch, into)
          clock.advance((performance.now() - start) / 1000)
          return loss
        },
      }
    },
  }
}

function longest(clocks: SimulatedClock[]): SimulatedTime {
  const { seconds, computingSeconds, communicatingSeconds } = clocks.reduce((a, b) => (b.seconds > a.seconds ? b : a))
  return { totalSeconds: seconds, computingSeconds, communicatingSeconds }
}
