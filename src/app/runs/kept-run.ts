import { type HeaderFacts, type MetricHeader, metricHeader } from '../../cluster/index.ts'
import { type BackendChoice, findAlgorithm, partnersOf, type RunConfig } from '../../engine/index.ts'
import { latestEvaluation, meanOf } from '../metrics/latest.ts'
import type { MetricsStore } from '../metrics/metrics-store.ts'
import type { RoomState, RunState, Seat } from '../state.ts'
import { optionLabel } from '../texts/index.ts'

/** How a run ended. */
export type RunEnd = 'finished' | 'stopped' | 'failed'

/** A run that goes on has, so far, been stopped where it is. */
export const endOf = (phase: RunState['phase']): RunEnd => (phase === 'finished' || phase === 'failed' ? phase : 'stopped')

/** What is shown of a run without reading its metrics. */
export interface RunFigures {
  /** gradient steps of the furthest worker */
  steps: number
  seconds: number
  /** of the last evaluation, as fractions; null before the first */
  accuracy: { mean: number; worst: number; averaged: number } | null
  /** payload and framing, mean over workers */
  sentBytes: number
}

/** A run that is over: everything but its metrics. */
export interface KeptRun {
  id: string
  name: string
  end: RunEnd
  /** why it failed */
  message: string
  /** milliseconds since the epoch when it ended; of an imported file, when that was written */
  endedAtMs: number
  simulated: boolean
  config: RunConfig
  seats: Seat[]
  /** by rank; null where nobody knows any more */
  backends: (BackendChoice | null)[]
  shards: number[][] | null
  spectralGap: number | null
  parameters: number | null
  figures: RunFigures
}

/** What a run is called until somebody gives it a name: "D-SUM, ring, 4 workers, Shapes-10, α 0.5". The topology only where neighbors gossip. */
export function runTitle({ algorithm, topology, workers, partition, alpha, dataset }: RunConfig): string {
  const data = optionLabel(dataset).replace(/ \(.*\)$/, '')
  const shards = partition === 'iid' ? 'IID' : `α ${alpha}`
  const gossip = partnersOf({ algorithm }) === 'neighbors' && workers > 1 ? [topology] : []
  return [methodOf(algorithm.id), ...gossip, `${workers} ${workers === 1 ? 'worker' : 'workers'}`, data, shards].join(', ')
}

export const methodOf = (id: string): string => findAlgorithm(id)?.title ?? id

export function figuresOf(metrics: MetricsStore): RunFigures {
  const evaluation = latestEvaluation(metrics)
  return {
    steps: metrics.maxStep,
    seconds: metrics.seconds,
    accuracy: evaluation && { mean: evaluation.mean, worst: evaluation.worst, averaged: evaluation.averaged },
    sentBytes: metrics.isEmpty ? 0 : meanOf(metrics.ranked().map(({ sentBytes }) => sentBytes)),
  }
}

/** The run on screen as it would be kept now. */
export function keptRunOf(run: RunState, metrics: MetricsStore, room: Pick<RoomState, 'members'>, nowMs: number): KeptRun {
  const { id, phase, message, config, seats, shards, spectralGap, parameters, simulation } = run
  const backendOf = (seat: Seat) => room.members.find((member) => member.id === seat.id)?.backend ?? null
  return {
    id,
    name: runTitle(config),
    end: endOf(phase),
    message: phase === 'failed' ? message : '',
    endedAtMs: nowMs,
    simulated: simulation !== null,
    config,
    seats,
    backends: seats.map((seat) => (simulation ? simulation.backend : backendOf(seat))),
    shards,
    spectralGap,
    parameters,
    figures: figuresOf(metrics),
  }
}

/** The run of a metrics file, as far as the file tells. */
export function importedRun({ run, simulated, config, facts }: MetricHeader, metrics: MetricsStore, writtenAtMs: number): KeptRun {
  const workers = Array.from({ length: config.workers }, (_, rank) => metrics.workers.get(rank))
  const finished = workers.filter((worker) => worker?.finished)
  return {
    id: run,
    name: runTitle(config),
    end: finished.length === config.workers ? 'finished' : 'stopped',
    message: '',
    endedAtMs: writtenAtMs,
    simulated,
    config,
    seats: workers.map((_, rank) => ({ id: `worker-${rank}`, name: facts?.names[rank] ?? `Worker ${rank}`, lost: false })),
    backends: workers.map(() => null),
    shards: facts?.shards ?? null,
    spectralGap: facts?.spectralGap ?? null,
    parameters: facts?.parameters ?? finished[0]?.finished?.parameters ?? null,
    figures: figuresOf(metrics),
  }
}

/** The first line of its metrics file. */
export function headerOf({ id, simulated, config, seats, shards, spectralGap, parameters }: KeptRun): MetricHeader {
  const facts: HeaderFacts = { names: seats.map(({ name }) => name), shards, spectralGap, parameters }
  return metricHeader({ run: id, simulated, config }, facts)
}

/** The run on screen while it is replayed. */
export function replayedRun({ id, simulated, config, seats, backends, shards, spectralGap, parameters }: KeptRun): RunState {
  return {
    id,
    config,
    phase: 'replay',
    seats,
    shards,
    spectralGap,
    parameters,
    message: '',
    simulation: simulated ? { backend: backends[0] ?? null, preparing: null } : null,
  }
}
