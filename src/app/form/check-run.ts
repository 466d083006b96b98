import { type CheckedDraft, checkDraft, type Draft } from '../../engine/index.ts'

/** Checks a draft for a start in this room: every tab is a worker. */
export function checkRun(draft: Draft, tabs: number): CheckedDraft {
  return checkDraft({ ...draft, workers: String(Math.max(1, tabs)) })
}
