import { type CheckedDraft, checkDraft, type Draft, parseRunConfig } from '../../engine/index.ts'
import { freeTabs } from '../cluster-view.ts'
import type { LabState } from '../store.ts'

/** Checks a draft for a start with so many workers; null: simulated ones, as many as the draft says. */
export function checkRun(draft: Draft, workers: number | null): CheckedDraft {
  return checkDraft(workers === null ? draft : { ...draft, workers: String(workers) })
}

/** Workers of the next start if it is of the room's tabs: all that are free, at least this one; null for simulated workers. */
export const tabWorkers = ({ room, simulated }: Pick<LabState, 'room' | 'simulated'>): number | null =>
  simulated ? null : Math.max(1, freeTabs(room).length)

/** Workers of the next start if they are simulated, the default while the field is not valid; null for a start of the room's tabs. */
export function simulatedWorkers({ draft, simulated }: Pick<LabState, 'draft' | 'simulated'>): number | null {
  if (!simulated) return null
  const { config } = checkDraft(draft.workers === undefined ? {} : { workers: draft.workers })
  return (config ?? parseRunConfig({})).workers
}
