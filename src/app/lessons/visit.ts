import type { RunConfig } from '../../engine/index.ts'
import { checkRun } from '../form/check-run.ts'
import { type LabState, useLab } from '../store.ts'
import { draftsAt, type LessonPlace, stepAt } from './place.ts'
import type { ControlName, Lesson } from './schema.ts'

/** Opens a lesson at its beginning; `code` when it stands in the link itself. */
export function openLesson(lesson: Lesson, code: string | null = null): void {
  useLab.setState({ allControls: false })
  enterStep({ lesson, step: 0, code })
}

/** Puts the lab in the state with which the step begins. A run that is on goes on. */
export function enterStep(place: LessonPlace): void {
  const { axis, view } = stepAt(place)
  useLab.setState({ lesson: place, draft: draftsAt(place)[0], simulated: place.lesson.simulated, view, ...(axis && { xAxis: axis }) })
}

/** The form keeps what the lesson has put there. */
export function leaveLesson(): void {
  useLab.setState({ lesson: null, allControls: false })
}

/** What a trial's button does. */
export function chooseTrial(place: LessonPlace, trial: number): void {
  useLab.setState({ draft: draftsAt(place)[trial], simulated: place.lesson.simulated })
}

/** Index of the trial that stands in the form; -1 when something else does. */
export function chosenTrial(place: LessonPlace, { draft, simulated }: Pick<LabState, 'draft' | 'simulated'>): number {
  if (simulated !== place.lesson.simulated) return -1
  const workers = simulated ? null : 1
  const textOf = (of: typeof draft) => JSON.stringify(checkRun(of, workers).config)
  const typed = textOf(draft)
  return draftsAt(place).findIndex((trial) => textOf(trial) === typed)
}

/** The controls that the form shows; null for all of them. */
export const shownControls = ({ lesson, allControls }: Pick<LabState, 'lesson' | 'allControls'>): readonly ControlName[] | null =>
  allControls ? null : (lesson?.lesson.controls ?? null)

/** Has a finished run had the configuration of the trial? */
export function isTried(place: LessonPlace, trial: number, { run, earlier }: Pick<LabState, 'run' | 'earlier'>): boolean {
  const tried = [...(run?.phase === 'finished' ? [run.config] : []), ...earlier.map(({ config }) => config)]
  const { config } = checkRun(draftsAt(place)[trial], null)
  // In a room there are as many workers as tabs.
  return tried.some((other) => sameRun(place.lesson.simulated ? config : config && { ...config, workers: other.workers }, other))
}

const sameRun = (a: RunConfig | null, b: RunConfig) => JSON.stringify(a) === JSON.stringify(b)
