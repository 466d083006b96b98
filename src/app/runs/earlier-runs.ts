import type { RunConfig } from '../../engine/index.ts'
import type { MetricsStore } from '../metrics/metrics-store.ts'
import type { RunState } from '../store.ts'

/** Lines of earlier runs are grey like what is past; told apart by their dashes. More would be told apart by nobody. */
const dashes = ['14 4', '8 3 2 3', '5 2 2 2 2 2'] as const

/** A run that was on screen before: its curves stay beside those of the run that took its place. */
export interface EarlierRun {
  id: string
  config: RunConfig
  metrics: MetricsStore
  /** of its lines, as long as they are shown */
  dash: (typeof dashes)[number]
}

/** Newest first. A run without an evaluation has no curve to compare with. */
export function withEarlier(earlier: readonly EarlierRun[], { id, config }: RunState, metrics: MetricsStore): readonly EarlierRun[] {
  if (metrics.evaluationCount === 0) return earlier
  const kept = earlier.slice(0, dashes.length - 1)
  const dash = dashes.find((candidate) => kept.every((run) => run.dash !== candidate)) ?? dashes[0]
  return [{ id, config, metrics, dash }, ...kept]
}
