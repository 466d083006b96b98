import { create } from 'zustand'
import type { Insight } from '../../engine/index.ts'
import { noInsight, type RecordedInsight, withInsight } from './recorded-insight.ts'

/** What the training worker of this tab shows of one run: of its own worker, or of all workers that it simulates. Only of the last run. */
interface InsightState {
  run: string | null
  insight: RecordedInsight
}

export const useInsight = create<InsightState>()(() => ({ run: null, insight: noInsight }))

/** What is told of another run takes the place of all that was told before. */
export function takeInsight(run: string, insight: Insight): void {
  useInsight.setState((before) => ({ run, insight: withInsight(before.run === run ? before.insight : noInsight, insight) }))
}

/** What there is of a run; null when there is nothing. */
export function insightOf(run: string): RecordedInsight | null {
  const shown = useInsight.getState()
  return shown.run === run && shown.insight.pictures.size > 0 ? shown.insight : null
}
