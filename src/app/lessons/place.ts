import { type Draft, draftOf, parseRunConfig } from '../../engine/index.ts'
import { configsOf, type Lesson, type LessonStep } from './schema.ts'

/** Where in which lesson this page is. */
export interface LessonPlace {
  lesson: Lesson
  /** index of the step */
  step: number
  /** the lesson itself as it stands in the link, when it is none of the library */
  code: string | null
}

export const stepAt = ({ lesson, step }: LessonPlace): LessonStep => lesson.steps[step]

/** What the form shows for each trial of the step; the first is how the step begins. */
export function draftsAt(place: LessonPlace): Draft[] {
  return configsOf(place.lesson, stepAt(place)).map((config) => draftOf(parseRunConfig(config)))
}
