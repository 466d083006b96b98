import {
  type BackendChoice,
  type MetricEvent,
  type PayloadByKind,
  type PayloadKind,
  payloadKinds,
  type RunConfig,
  type SelfTest,
} from '../engine/index.ts'

/** What was sent, by purpose, and the payload by what the vectors hold. */
interface SentBytes {
  payload: number
  framing: number
  control: number
  byKind: PayloadByKind
}

/** `summary.json` and the line of `--json`; documented in docs/results.md. */
export interface RunSummary {
  schema: 'tabswarm/summary/1'
  run: string
  status: 'finished' | 'stopped' | 'failed'
  /** all workers were in one process; otherwise each was a tab */
  simulated: boolean
  config: RunConfig
  workers: {
    rank: number
    backend: string
    reason: string
    adapter: string | null
    selfTest: SelfTest | null
    steps: number
    accuracy: number | null
    imagesPerSecond: number | null
    sentBytes: SentBytes
  }[]
  /** gradient steps of the furthest worker */
  steps: number
  /** last common evaluation, as fractions; null before the first */
  accuracy: { mean: number; worst: number; averaged: number } | null
  consensusDistance: number | null
  /** of all workers together */
  sentBytes: SentBytes
  /**
   * Relative communication cost as the GMC paper defines it (section 5): float values to and from a parameter server, an index-value pair
   * counting two and the broadcast once, over the (N + 1) D T of uncompressed DMSGD. Null for gossip, and unless finished.
   */
  relativeCommunicationCost: number | null
  wallSeconds: number
  /** of all workers together, evaluation and waiting between steps excluded */
  imagesPerSecond: number | null
  /** of the averaged parameters; null unless finished */
  parametersSha256: string | null
}

/** Boils the events of all workers down to the summary. Events of one worker must be in order. */
export function summarize(
  run: string,
  status: RunSummary['status'],
  config: RunConfig,
  backends: (BackendChoice | undefined)[],
  events: MetricEvent[],
  simulated: boolean,
): RunSummary {
  const ofRank = backends.map((_, rank) => events.filter((event) => event.rank === rank))
  const workers = backends.map((backend, rank) => {
    const steps = lastOf(ofRank[rank], 'step')
    const finished = lastOf(ofRank[rank], 'finished')
    return {
      rank,
      backend: backend?.name ?? 'unknown',
      reason: backend?.reason ?? 'unknown',
      adapter: backend?.adapter ?? null,
      selfTest: backend?.selfTest ?? null,
      steps: finished?.steps ?? steps?.step ?? 0,
      accuracy: lastOf(ofRank[rank], 'evaluation')?.accuracy ?? null,
      imagesPerSecond: finished?.imagesPerSecond ?? null,
      sentBytes: finished?.sentBytes ?? sentUpTo(steps),
    }
  })
  const evaluations = lastCommonEvaluation(events)
  const accuracies = evaluations.map((event) => event.accuracy)
  const finished = ofRank.flatMap((own) => lastOf(own, 'finished') ?? [])
  return {
    schema: 'tabswarm/summary/1',
    run,
    status,
    simulated,
    config,
    workers,
    steps: Math.max(0, ...workers.map((worker) => worker.steps)),
    accuracy:
      accuracies.length > 0
        ? { mean: sum(accuracies) / accuracies.length, worst: Math.min(...accuracies), averaged: evaluations[0].averagedAccuracy }
        : null,
    consensusDistance: evaluations[0]?.consensusDistance ?? null,
    sentBytes: {
      payload: sum(workers.map((worker) => worker.sentBytes.payload)),
      framing: sum(workers.map((worker) => worker.sentBytes.framing)),
      control: sum(workers.map((worker) => worker.sentBytes.control)),
      byKind: ofEachKind((kind) => sum(workers.map((worker) => worker.sentBytes.byKind[kind]))),
    },
    relativeCommunicationCost: relativeCommunicationCost(finished, backends.length),
    wallSeconds: Math.max(0, ...events.map((event) => ('seconds' in event ? event.seconds : 0))),
    imagesPerSecond: finished.length > 0 ? sum(finished.map((event) => event.imagesPerSecond)) : null,
    parametersSha256: finished[0]?.parametersSha256 ?? null,
  }
}

/** By a worker that has not finished; control is counted at the end only. */
function sentUpTo(step: Extract<MetricEvent, { type: 'step' }> | undefined): SentBytes {
  return {
    payload: step?.payloadBytes ?? 0,
    framing: step?.framingBytes ?? 0,
    control: 0,
    byKind: step?.payloadByKind ?? ofEachKind(() => 0),
  }
}

function ofEachKind(bytes: (kind: PayloadKind) => number): PayloadByKind {
  return Object.fromEntries(payloadKinds.map((kind) => [kind, bytes(kind)])) as PayloadByKind
}

function relativeCommunicationCost(finished: Extract<MetricEvent, { type: 'finished' }>[], workers: number): number | null {
  const [first] = finished
  if (!first || first.serverScalars.down === 0) return null
  const up = sum(finished.map((event) => event.serverScalars.up))
  return (up + first.serverScalars.down) / ((workers + 1) * first.parameters * first.steps)
}

type Evaluation = Extract<MetricEvent, { type: 'evaluation' }>

/** The newest evaluations that agree on step and averaged model; a worker that left earlier has none among them. */
function lastCommonEvaluation(events: MetricEvent[]): Evaluation[] {
  const evaluations = events.filter((event): event is Evaluation => event.type === 'evaluation')
  const step = Math.max(...evaluations.map((event) => event.step))
  const byRank = new Map<number, Evaluation>()
  for (const event of evaluations) if (event.step === step) byRank.set(event.rank, event)
  // Events come in another order on every page; sums must not.
  return [...byRank.values()].sort((a, b) => a.rank - b.rank)
}

function lastOf<T extends MetricEvent['type']>(events: MetricEvent[], type: T): Extract<MetricEvent, { type: T }> | undefined {
  return events.findLast((event) => event.type === type) as Extract<MetricEvent, { type: T }> | undefined
}

function sum(values: number[]): number {
  return values.reduce((a, b) => a + b, 0)
}
