import type { BackendChoice } from '../../../engine/index.ts'
import { freeTabs, type Participant, participants, waitingFor } from '../../cluster-view.ts'
import type { MetricsStore } from '../../metrics/metrics-store.ts'
import { isActive, type RoomState, type RunState } from '../../state.ts'
import { type Status, statusOf } from '../../status.ts'
import { texts } from '../../texts/index.ts'

export interface Device {
  kind: 'GPU' | 'CPU'
  /** backend, and the adapter where it computes */
  name: string
}

/** One tab of the class as its tile shows it. */
export interface Tile {
  id: string
  name: string
  /** rank in the run on screen, or in the next one while there is none; null for a tab that watches */
  rank: number | null
  self: boolean
  host: boolean
  lost: boolean
  hidden: boolean
  busy: boolean
  sitsOut: boolean
  /** null for this tab itself, and for one that is gone */
  link: 'connecting' | 'open' | null
  status: Status
  /** null before it has told */
  device: Device | null
  /** a run is on screen, and this tab is or was one of its workers */
  trains: { step: number; steps: number } | null
  imagesPerSecond: number | null
  /** of its own model, at its last evaluation */
  accuracy: number | null
  /** pictures of each class that it holds */
  shard: number[] | null
  /** what the next run has for it, where that is another place than now */
  next: { rank: number } | 'out' | null
}

/** The room's tabs: workers by rank, then those who watch. A simulated run is no affair of the class. */
export function tilesOf(room: RoomState, shown: RunState | null, metrics: MetricsStore): Tile[] {
  const run = shown?.simulation ? null : shown
  const all = participants(room, run)
  const workers = all.filter(({ rank }) => rank !== null)
  const nextRanks = new Map(freeTabs(room).map(({ id }, rank) => [id, rank]))
  return all.map((participant): Tile => {
    const { id, name, rank, lost, member } = participant
    const worker = run && rank !== null ? metrics.workers.get(rank) : undefined
    return {
      id,
      name,
      rank,
      self: member?.self ?? false,
      host: member?.host ?? false,
      lost: lost || !member,
      hidden: member?.hidden ?? false,
      busy: member?.busy ?? false,
      sitsOut: member?.sitsOut ?? false,
      link: !member || member.self ? null : member.link,
      status: linkStatus(participant) ?? statusOf(participant, run, waitingText(participant, run, metrics, workers)),
      device: member?.backend ? deviceOf(member.backend) : null,
      trains: run && rank !== null ? { step: worker?.step ?? 0, steps: run.config.steps } : null,
      imagesPerSecond: worker && run?.phase === 'running' && !lost ? worker.imagesPerSecond(run.config.batchSize) : null,
      accuracy: worker && worker.evaluations.length > 0 ? worker.evaluations.last('accuracy') : null,
      shard: rank === null ? null : (run?.shards?.[rank] ?? null),
      next: run && member ? nextPlace(rank, nextRanks.get(id) ?? null, member.sitsOut) : null,
    }
  })
}

function nextPlace(rank: number | null, next: number | null, sitsOut: boolean): Tile['next'] {
  if (sitsOut) return rank === null ? null : 'out'
  return next === null || next === rank ? null : { rank: next }
}

function linkStatus({ member }: Participant): Status | null {
  return member?.link === 'connecting' && !member.self ? { text: texts.class.linking, tone: 'waiting' } : null
}

function waitingText({ rank, lost }: Participant, run: RunState | null, metrics: MetricsStore, workers: Participant[]): string | null {
  if (!isActive(run) || rank === null || lost) return null
  const other = waitingFor(rank, run, metrics, workers)
  return other && texts.waitingFor(other.name)
}

export function deviceOf({ name, adapter }: BackendChoice): Device {
  const onGpu = name === 'wgsl' || name === 'webgpu' || name === 'webgl'
  return { kind: onGpu ? 'GPU' : 'CPU', name: onGpu && adapter ? `${name}, ${adapter}` : name }
}

/** The classes that a worker holds most of, as words: "circle (120), star (80)". */
export function mostOf(shard: number[], classNames: string[], count: number): string {
  return shard
    .map((pictures, label) => ({ pictures, name: classNames[label] }))
    .filter(({ pictures }) => pictures > 0)
    .sort((a, b) => b.pictures - a.pictures)
    .slice(0, count)
    .map(({ pictures, name }) => `${name} (${pictures})`)
    .join(', ')
}
