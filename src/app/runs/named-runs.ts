import type { RunState } from '../state.ts'
import { differenceText } from './difference.ts'
import type { EarlierRun } from './earlier-runs.ts'
import { runTitle } from './kept-run.ts'
import { byLetter } from './looks.ts'

/** A compared run as the charts draw it. */
export interface NamedRun extends Omit<EarlierRun, 'config' | 'figures' | 'chosen'> {
  name: string
}

/** By their letters. Each is named by what is different from the run on screen, which is not compared with itself; without one by what it is. */
export const namedRuns = (earlier: readonly EarlierRun[], run: Pick<RunState, 'id' | 'config'> | null): NamedRun[] =>
  earlier
    .filter(({ id }) => id !== run?.id)
    .sort(byLetter)
    .map(({ config, figures: _, chosen: __, ...other }) => ({
      ...other,
      name: run ? differenceText(config, run.config) : runTitle(config),
    }))
