import { findAlgorithm, graphOf, type RunConfig } from '../engine/index.ts'
import type { MetricsStore } from './metrics/metrics-store.ts'
import { isActive, type Member, type RoomState, type RunState } from './store.ts'

/** One worker or watching tab as the dashboard draws it: a seat of the run joined with the member of the room. */
export interface Participant {
  id: string
  /** rank in the run, or in the room while there is none; null for a tab that only watches */
  rank: number | null
  name: string
  lost: boolean
  /** null when the tab has left the room */
  member: Member | null
}

/**
 * Everybody to be drawn: the workers by rank, then those who only watch. As long as a run is on screen, also when it is over, its workers
 * keep their ranks, because numbers and colors follow them.
 */
export function participants(room: RoomState, run: RunState | null): Participant[] {
  const members = [...room.members].sort((a, b) => a.rank - b.rank)
  if (!run) return members.map((member) => ({ id: member.id, rank: member.rank, name: member.name, lost: false, member }))
  const workers = run.seats.map(({ id, name, lost }, rank): Participant => {
    const member = members.find((candidate) => candidate.id === id) ?? null
    return { id, rank, name: member?.name ?? name, lost, member }
  })
  const newcomers = members.filter((member) => run.seats.every((seat) => seat.id !== member.id))
  return [...workers, ...newcomers.map((member): Participant => ({ id: member.id, rank: null, name: member.name, lost: false, member }))]
}

/** Those of them who train, by rank. */
export const workersOf = (room: RoomState, run: RunState | null): Participant[] =>
  participants(room, run).filter(({ rank }) => rank !== null)

/** Would the next start, with this topology, be by others or over other links than the run on screen? */
export function isNextRunDifferent(room: RoomState, run: RunState | null, topology: string): boolean {
  const active: boolean = isActive(run)
  if (!run || active) return false
  const there = new Set(room.members.map(({ id }) => id))
  return topology !== run.config.topology || there.size !== run.seats.length || run.seats.some(({ id }) => !there.has(id))
}

/** Links of a topology over the workers who are there, as pairs of ranks, or why there is no such topology. */
export function edgesOf(topology: RunConfig['topology'], workers: Participant[]): { edges: [number, number][]; problem: string | null } {
  const ranks = workers.filter((worker) => !worker.lost).flatMap(({ rank }) => (rank === null ? [] : [rank]))
  try {
    const pairs = graphOf(topology, ranks.length).flatMap((neighbors, i) =>
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
  const neighbors = neighborsOf(rank, run.config.topology, workers)
  const behind = neighbors
    .map((neighbor) => ({ neighbor, step: metrics.workers.get(neighbor.rank ?? -1)?.step ?? 0 }))
    .filter((candidate) => candidate.step < step)
    .sort((a, b) => a.step - b.step)
  return behind[0]?.neighbor ?? null
}

function neighborsOf(rank: number, topology: RunConfig['topology'], workers: Participant[]): Participant[] {
  const others = edgesOf(topology, workers).edges.flatMap(([i, j]) => (i === rank ? [j] : j === rank ? [i] : []))
  return workers.filter((worker) => worker.rank !== null && others.includes(worker.rank))
}

/** Gradient steps between two rounds of communication. */
export function stepsPerRound(config: RunConfig): number {
  const { id, ...hyperparameters } = config.algorithm
  return findAlgorithm(id)?.stepsPerRound(hyperparameters as never) ?? 1
}
