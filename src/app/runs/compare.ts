import { addToLog, useLab } from '../store.ts'
import { texts } from '../texts.ts'
import type { ArchivedRun } from './archive.ts'
import { withEarlier } from './earlier-runs.ts'
import { metricsOf } from './kept-runs.ts'

/** Lays the lines of a kept run over the charts, or takes them off. */
export async function toggleComparison(run: ArchivedRun): Promise<void> {
  const isCompared = useLab.getState().earlier.some(({ id }) => id === run.id)
  if (isCompared) {
    useLab.setState(({ earlier }) => ({ earlier: earlier.filter(({ id }) => id !== run.id) }))
    return
  }
  const metrics = await metricsOf(run)
  if (metrics.evaluationCount === 0) addToLog('warning', texts.keptRuns.notEvaluated(run.name))
  else useLab.setState(({ earlier }) => ({ earlier: withEarlier(earlier, run, metrics) }))
}
