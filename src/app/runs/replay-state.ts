import type { RecordedInsight } from '../insight/recorded-insight.ts'
import type { MetricsStore } from '../metrics/metrics-store.ts'
import type { RunState } from '../state.ts'
import type { KeptRun } from './kept-run.ts'
import type { ReplayCursor } from './recording.ts'

/** How many seconds of the run pass in a second of a replay. */
export const speeds = [1, 4, 16] as const
export type Speed = (typeof speeds)[number]

/** A recording on screen. */
export interface Replay {
  kept: KeptRun
  cursor: ReplayCursor
  /** what its page showed of predictions; null where nothing was kept */
  insight: RecordedInsight | null
  /** where it is wound, in seconds since the start of the run */
  seconds: number
  speed: Speed
  playing: boolean
  /** what was on screen before, and comes back */
  before: { run: RunState | null; metrics: MetricsStore }
}
