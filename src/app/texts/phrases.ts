import type { RunState } from '../state.ts'
import { texts } from './texts.ts'

/** Why there is nothing to draw of this run. */
export function emptyText(run: RunState | null): string {
  if (!run) return texts.charts.empty
  switch (run.phase) {
    case 'preparing':
    case 'running':
    case 'paused':
      return texts.charts.emptyPreparing
    case 'replay':
      return texts.replay.notYet
    case 'finished':
    case 'stopped':
    case 'failed':
      return texts.charts.emptyOver
    default:
      return run.phase satisfies never
  }
}

export const stageText = (stage: string): string => texts.stages[stage] ?? stage

/** The gap is computed once, for those who began. */
export const spectralGapName = ({ seats }: Pick<RunState, 'seats'>): string =>
  seats.some(({ lost }) => lost) ? texts.spectralGapAtStart : texts.spectralGap
