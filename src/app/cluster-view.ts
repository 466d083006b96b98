import { stepsPerRound } from '../cluster/index.ts'
import { checkDraft, type Draft, exchangeGraph, graphOf, parseRunConfig, type RunConfig } from '../engine/index.ts'
import type { MetricsStore } from './metrics/metrics-store.ts'
import { isActive, type Member, type RoomState, type RunState, type Seat } from './state.ts'

/** One worker or watching tab as the dashboard draws it: a seat of the run joined with the member of the room. */
export interface Participant {
  id: string
  /** rank in the run, or in the room while there is none; null for a tab that only watches */
  rank: number | null
  name: string
  lost: boolean
  /** a worker that is no tab of its own */
  simulated: boolean
  /** null when the tab has left the room, and for a simulated worker */
  member: Member | null
}

/** The seats of a simulated run. */
export const simulatedSeats = (workers: number): Seat[] =>
  Array.from({ length: workers }, (_, rank) => ({ id: `worker-${rank}`, name: `Worker ${rank}`, lost: false }))

/**
 * Everybody to be drawn: the workers by rank, then those who only watch. As long as a run is on screen, also when it is over, its workers
 * keep their ranks, because numbers and colors follow them. `planned`: simulated workers of the next start, null if it is of the tabs.
 */
export function participants(room: RoomState, run: RunState | null, planned: number | null = null): Participant[] {
  const members = [...room.members].sort((a, b) => a.rank - b.rank)
  const seats =
    run?.seats ?? (planned === null ? freeTabs(room).map(({ id, name }) => ({ id, name, lost: false })) : simulatedSeats(planned))
  const simulated = run ? run.simulation !== null : planned !== null
  const workers = seats.map(({ id, name, lost }, rank): Participant => {
    const member = members.find((candidate) => candidate.id === id) ?? null
    return { id, rank, name: member?.name ?? name, lost, simulated, member }
  })
  const others = members
    .filter((member) => seats.every((seat) => seat.id !== member.id))
    .map((member): Participant => ({ id: member.id, rank: null, name: member.name, lost: false, simulated: false, member }))
  return [...workers, ...others]
}

/** Tabs that a start would make workers, by rank. */
export const freeTabs = (room: RoomState): Member[] =>
  room.members.filter(({ busy, sitsOut }) => !busy && !sitsOut).sort((a, b) => a.place - b.place)

/** Those of them who train, by rank. */
export const workersOf = (...of: Parameters<typeof participants>): Participant[] => participants(...of).filter(({ rank }) => rank !== null)

/** Who exchanges with whom; null: nobody with anybody. */
export type ExchangeGraph = ReturnType<typeof exchangeGraph>

/** What exchangeGraph reads of the next start, whatever else in the form is not valid. */
export function plannedExchange(draft: Draft): RunConfig {
  const relevant = Object.entries(draft).filter(([path]) => /^(algorithm|aggregation|compressor|topology)\b/.test(path))
  const exchange = Object.fromEntries(relevant)
  // One worker is allowed everywhere; that of centralized training is the only one.
  return checkDraft(exchange).config ?? checkDraft({ ...exchange, workers: '1' }).config ?? parseRunConfig({})
}

/** Would the next start, with this configuration, be by others or over other links than the run on screen? */
export function isNextRunDifferent(room: RoomState, run: RunState | null, next: RunConfig, planned: number | null = null): boolean {
  const active: boolean = isActive(run)
  if (!run || active || run.phase === 'replay') return false
  if (exchangeGraph(next) !== exchangeGraph(run.config)) return true
  if (run.simulation || planned !== null) return !run.simulation || planned !== run.seats.length
  const free = freeTabs(room)
  return free.length !== run.seats.length || run.seats.some(({ id }, rank) => id !== free[rank].id)
}

/** Links of a graph over the workers who are there, as pairs of ranks, or why there is no such graph. */
export function edgesOf(graph: ExchangeGraph, workers: Participant[]): { edges: [number, number][]; problem: string | null } {
  if (graph === null) return { edges: [], problem: null }
  const ranks = workers.filter((worker) => !worker.lost).flatMap(({ rank }) => (rank === null ? [] : [rank]))
  try {
    const pairs = graphOf(graph, ranks.length).flatMap((neighbors, i) =>
      neighbors.map((j): [number, number] => [Math.min(i, j), Math.max(i, j)]),
    )
    const unique = new Map(pairs.map(([i, j]) => [`${i} ${j}`, [ranks[i], ranks[j]] as [number, number]]))
    return { edges: [...unique.values()], problem: null }
  } catch (error) {
    return { edges: [], problem: error instanceof Error ? error.message : String(error) }
  }
}

/** A worker without news for so long is waiting; before, the news of others may just not be here yet. */
const WAITING_AFTER_MS = 2_500

/** Whom a worker has been waiting for: a neighbor that is still in an earlier round. Null while it is at work itself. */
export function waitingFor(
  rank: number,
  run: RunState,
  metrics: MetricsStore,
  workers: Participant[],
  nowMs: number = performance.now(),
): Participant | null {
  const worker = metrics.workers.get(rank)
  if (run.phase !== 'running' || !worker || nowMs - worker.heardAtMs < WAITING_AFTER_MS) return null
  const { step } = worker
  const roundLength = stepsPerRound(run.config)
  if (step === 0 || step % roundLength !== 0) return null
  const neighbors = neighborsOf(rank, exchangeGraph(run.config), workers)
  const behind = neighbors
    .map((neighbor) => ({ neighbor, step: metrics.workers.get(neighbor.rank ?? -1)?.step ?? 0 }))
    .filter((candidate) => candidate.step < step)
    .sort((a, b) => a.step - b.step)
  return behind[0]?.neighbor ?? null
}

function neighborsOf(rank: number, graph: ExchangeGraph, workers: Participant[]): Participant[] {
  const others = edgesOf(graph, workers).edges.flatMap(([i, j]) => (i === rank ? [j] : j === rank ? [i] : []))
  return workers.filter((worker) => worker.rank !== null && others.includes(worker.rank))
}
