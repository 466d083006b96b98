import { create } from 'zustand'
import { noTrouble, type Trouble } from '../cluster/index.ts'
import type { BackendChoice, ConfigIssue, DatasetStatuses, Draft, RunConfig } from '../engine/index.ts'
import type { ByteCount, PeerId } from '../p2p/index.ts'
import type { LessonPlace } from './lessons/place.ts'
import type { XAxis } from './metrics/chart-rows.ts'
import { MetricsStore } from './metrics/metrics-store.ts'
import type { Smoothing } from './metrics/smoothing.ts'
import type { EarlierRun } from './runs/earlier-runs.ts'
import type { Replay } from './runs/replay.ts'
import type { ViewName } from './views/names.ts'

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

export interface Meeting {
  /** host of the signalling server, where it is not that of the pages */
  through: string | null
  /** where the server says that other devices reach its pages */
  address: string | undefined
}

export interface LogEntry {
  atMs: number
  level: 'info' | 'warning' | 'error'
  text: string
}

export interface LabState {
  room: RoomState
  run: RunState | null
  /** the recording on screen: then `run` and `metrics` are its; null for a run of this page */
  replay: Replay | null
  /** runs before it whose curves are still shown, newest first */
  earlier: readonly EarlierRun[]
  draft: Draft
  /** the next start is of simulated workers in this tab instead of the room's tabs */
  simulated: boolean
  /** how tabs and devices come to this room */
  meeting: Meeting
  /** what goes wrong at this tab's worker, on purpose */
  trouble: Trouble
  /** null outside of lessons */
  lesson: LessonPlace | null
  /** also the controls that the lesson hides */
  allControls: boolean
  /** a lesson is being written here */
  composing: boolean
  /** what was wrong with the page's address */
  urlProblems: ConfigIssue[]
  /** what the server, and a drop onto the page, say about data sets; empty where nobody prepares any */
  datasets: DatasetStatuses
  log: LogEntry[]
  /** the last warning or error, until the user has dismissed it */
  notice: LogEntry | null
  /** what the middle of the dashboard shows */
  view: ViewName
  xAxis: XAxis
  /** of the noisy lines in the charts */
  smoothing: Smoothing
  /** the metrics of the run on screen, filled in place; `metricsVersion` says when to look again */
  metrics: MetricsStore
  metricsVersion: number
  /** milliseconds since the epoch of the last metric of any worker, or of the last change of phase */
  lastNewsMs: number
  /** now, for what depends on time passing: refreshed once a second while a run is on */
  nowMs: number
}

const LOG_LIMIT = 300

export const useLab = create<LabState>()(() => ({
  room: { phase: 'connecting', name: '', secret: '', message: '', locked: false, members: [], links: [] },
  run: null,
  replay: null,
  earlier: [],
  draft: {},
  simulated: false,
  meeting: { through: null, address: undefined },
  trouble: noTrouble,
  lesson: null,
  allControls: false,
  composing: false,
  urlProblems: [],
  datasets: {},
  log: [],
  notice: null,
  view: 'charts',
  xAxis: 'steps',
  smoothing: 'off',
  metrics: new MetricsStore(),
  metricsVersion: 0,
  lastNewsMs: 0,
  nowMs: Date.now(),
}))

export function addToLog(level: LogEntry['level'], text: string): void {
  const entry = { atMs: Date.now(), level, text }
  useLab.setState(({ log, notice }) => ({ log: [...log, entry].slice(-LOG_LIMIT), notice: level === 'info' ? notice : entry }))
}

export function setDraft(draft: Draft): void {
  useLab.setState({ draft })
}

/** Is there a run whose workers are at work or waiting? */
export const isActive = (run: RunState | null): run is RunState =>
  run !== null && (run.phase === 'preparing' || run.phase === 'running' || run.phase === 'paused')
