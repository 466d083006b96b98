import type { Backend, MetricEvent, OpenDataset, RunConfig } from '../engine/index.ts'
import { createMemoryNetwork, type View } from '../p2p/index.ts'
import { createMember, type Member } from './member.ts'
import { type RunSummary, summarize } from './summary.ts'

export interface SimulationOptions {
  run: string
  config: RunConfig
  openDataset: OpenDataset
  backend: Backend
  onEvent?(event: MetricEvent): void
  onProgress?(stage: string, fraction: number): void
  signal?: AbortSignal
}

export interface SimulationResult {
  summary: RunSummary
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
  const network = createMemoryNetwork(view.members)
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
        backend,
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
    return { summary: summarize(run, status, config, backends, events), events }
  } finally {
    signal?.removeEventListener('abort', stop)
    for (const member of members) member.dispose()
  }
}
