import type { BackendChoice, MetricEvent, RunConfig } from '../engine/index.ts'
import { type RunSummary, summarize } from './summary.ts'

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

export interface WholeRunOptions {
  run: string
  config: RunConfig
  onEvent?(event: MetricEvent): void
  signal?: AbortSignal
}

/** All workers of a run, in one thread or in several, ready to train. */
export interface Workforce {
  /** the backend of each of them */
  choice: BackendChoice
  /** Trains to the end; resolves with false when stopped before. */
  run(): Promise<boolean>
  stop(): void
  /** after the run; undefined where no time is simulated */
  simulatedTime(): SimulatedTime | undefined
  dispose(): void | Promise<void>
}

/** A run from its beginning to its summary. The signal stops its training, and the run ends with what there is. */
export async function wholeRun(
  { run, config, onEvent, signal }: WholeRunOptions,
  prepare: (onEvent: (event: MetricEvent) => void) => Promise<Workforce>,
): Promise<SimulationResult> {
  const events: MetricEvent[] = []
  const workforce = await prepare((event) => {
    events.push(event)
    onEvent?.(event)
  })
  const stop = () => workforce.stop()
  try {
    signal?.addEventListener('abort', stop)
    if (signal?.aborted) stop()
    const status = (await workforce.run()) ? 'finished' : 'stopped'
    const choices = Array.from({ length: config.workers }, () => workforce.choice)
    const summary = summarize(run, status, config, choices, events, true)
    const simulatedTime = workforce.simulatedTime()
    return { summary: simulatedTime ? { ...summary, simulatedTime } : summary, events }
  } finally {
    signal?.removeEventListener('abort', stop)
    await workforce.dispose()
  }
}
