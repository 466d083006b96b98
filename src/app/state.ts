import type { BackendChoice, RunConfig } from '../engine/index.ts'
import type { ByteCount, PeerId } from '../p2p/index.ts'

/** `removed`: its host has sent this tab away */
export type RoomPhase = 'connecting' | 'open' | 'offline' | 'failed' | 'removed'

/** A tab in the room, as this page knows it. */
export interface Member {
  id: PeerId
  name: string
  /** place in the room by presence: 0 has been there longest */
  rank: number
  self: boolean
  host: boolean
  link: 'connecting' | 'open'
  /** the browser throttles a tab that nobody sees */
  hidden: boolean
  /** its training worker runs simulated workers: a start leaves the tab out */
  busy: boolean
  /** where the host has put it in the order of the next run's ranks, those that sit out included */
  place: number
  /** it is to watch the next run */
  sitsOut: boolean
  backend: BackendChoice | null
  /** what the tab is doing before training: loading data, compiling, ready */
  preparing: { stage: string; fraction: number } | null
}

/** Bytes over the channel between this tab and another one since it opened, as counted here. */
export interface LinkBytes {
  peer: PeerId
  sent: ByteCount
  received: ByteCount
}

/** The room as this page knows it. */
export interface RoomState {
  phase: RoomPhase
  name: string
  secret: string
  /** why the room is not open, or what happened last */
  message: string
  locked: boolean
  members: Member[]
  links: LinkBytes[]
}

/** `replay`: a recording, shown up to where it is wound */
export type RunPhase = 'preparing' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed' | 'replay'

/** One place in a run; index = rank. It keeps its rank, name and color when its tab goes. */
export interface Seat {
  id: PeerId
  name: string
  lost: boolean
}

/** A run of the room or of this tab, or a recording: what is on screen of it but its metrics. */
export interface RunState {
  id: string
  config: RunConfig
  phase: RunPhase
  seats: Seat[]
  /** shard[rank][class]; null until a worker has partitioned the data */
  shards: number[][] | null
  spectralGap: number | null
  parameters: number | null
  /** what happened, for the user: why it failed, who was lost */
  message: string
  /** of a run whose workers are all simulated in this tab; null for a run of the room */
  simulation: Simulation | null
}

/** What a simulated run's workers have in common. */
export interface Simulation {
  /** null until they are ready */
  backend: BackendChoice | null
  /** how far all of them together are before training */
  preparing: { stage: string; fraction: number } | null
}

/** How other tabs and devices come to this page's room. */
export interface Meeting {
  /** host of the signalling server, where it is not that of the pages */
  through: string | null
  /** where the server says that other devices reach its pages */
  address: string | undefined
}

/** What happened, for the log, and as a notice. */
export interface LogEntry {
  atMs: number
  level: 'info' | 'warning' | 'error'
  text: string
}

/** Is there a run whose workers are at work or waiting? */
export const isActive = (run: RunState | null): run is RunState =>
  run !== null && (run.phase === 'preparing' || run.phase === 'running' || run.phase === 'paused')
