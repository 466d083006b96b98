import { useLab } from '../store.ts'
import type { MetricsStore } from './metrics-store.ts'

/** How long without any metric before a running run counts as without news: so long, and some steps more. */
const STALE_MS = 6_000
const STALE_STEPS = 4

/** Whole seconds without a metric while the run should be making some; null while all is well. */
export function useStaleSeconds(): number | null {
  return useLab(({ run, metrics, nowMs, lastNewsMs }) => {
    if (run?.phase !== 'running' || lastNewsMs === 0) return null
    const silentMs = nowMs - lastNewsMs
    return silentMs > STALE_MS + STALE_STEPS * stepMs(metrics) ? Math.floor(silentMs / 1_000) : null
  })
}

/** How long the slowest worker took for its last step. */
function stepMs(metrics: MetricsStore): number {
  return Math.max(0, ...metrics.ranked().map(({ steps }) => (steps.length > 0 ? steps.last('computeMs') + steps.last('exchangeMs') : 0)))
}
