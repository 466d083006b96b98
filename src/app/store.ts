import { create } from 'zustand'
import { noTrouble, type Trouble } from '../cluster/index.ts'
import type { ConfigIssue, DatasetStatuses, Draft } from '../engine/index.ts'
import type { LessonPlace } from './lessons/place.ts'
import type { XAxis } from './metrics/chart-rows.ts'
import { MetricsStore } from './metrics/metrics-store.ts'
import type { Smoothing } from './metrics/smoothing.ts'
import type { EarlierRun } from './runs/earlier-runs.ts'
import type { Replay } from './runs/replay-state.ts'
import type { LogEntry, Meeting, RoomState, RunState } from './state.ts'
import type { ViewName } from './views/names.ts'

/** All that is on screen. */
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
