import type { MetricsStore } from '../metrics/metrics-store.ts'
import type { RunState } from '../state.ts'
import { addToLog, useLab } from '../store.ts'
import { texts } from '../texts/index.ts'
import type { ArchivedRun } from './archive.ts'
import { withChosen, withPrevious } from './earlier-runs.ts'
import { runTitle } from './kept-run.ts'
import { metricsOf } from './kept-runs.ts'

/** Lays the lines of a kept run over the charts, or takes them off. Rejects with a message for the user. */
export async function toggleComparison(run: ArchivedRun): Promise<void> {
  const isCompared = useLab.getState().earlier.some(({ id }) => id === run.id)
  if (isCompared) return endComparison(run.id)
  const metrics = await metricsOf(run)
  if (metrics.evaluationCount === 0) addToLog('warning', texts.keptRuns.notEvaluated(run.name))
  else useLab.setState(({ earlier }) => ({ earlier: withChosen(earlier, run, metrics) }))
}

/** Takes the lines of a run off the charts. */
export function endComparison(id: string): void {
  useLab.setState(({ earlier }) => ({ earlier: earlier.filter((other) => other.id !== id) }))
}

/** The run on screen makes place for another: its lines stay. What has no place any more is told. */
export function compareWithNext(run: Pick<RunState, 'id' | 'config'>, metrics: MetricsStore): void {
  const { earlier } = useLab.getState()
  const now = withPrevious(earlier, run, metrics)
  useLab.setState({ earlier: now })
  const left = earlier.find((other) => !now.includes(other))
  if (left) addToLog('info', texts.runs.madeRoom(left.look.letter, runTitle(left.config)))
  else if (now === earlier && metrics.evaluationCount > 0 && now.every(({ id }) => id !== run.id))
    addToLog('warning', texts.runs.noRoom(runTitle(run.config)))
}
