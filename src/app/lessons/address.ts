import { allowedNames, type ConfigIssue } from '../../engine/index.ts'
import { decodeLesson } from './code.ts'
import { findLesson, lessons } from './library/index.ts'
import type { LessonPlace } from './place.ts'
import { LessonError } from './schema.ts'

const lessonIds = lessons.map((known) => known.id)

/** The lesson that an address names, `?lesson=what-gossip-does&step=2`, or carries in its fragment. Never throws: says what it had to leave out. */
export function parsePlace(query: URLSearchParams, fragment: URLSearchParams, problems: ConfigIssue[]): LessonPlace | null {
  const found = findPlace(query.get('lesson'), fragment.get('lesson'), problems)
  if (!found) return null
  return { ...found, step: parseStep(query.get('step'), found.lesson.steps.length, problems) }
}

export function writePlace({ lesson, step, code }: LessonPlace, query: URLSearchParams, fragment: URLSearchParams): void {
  if (code === null) query.set('lesson', lesson.id)
  else fragment.set('lesson', code)
  query.set('step', String(step + 1))
}

function findPlace(id: string | null, code: string | null, problems: ConfigIssue[]): Omit<LessonPlace, 'step'> | null {
  if (code !== null) {
    try {
      return { lesson: decodeLesson(code), code }
    } catch (error) {
      if (!(error instanceof LessonError)) throw error
      problems.push(...error.issues)
      return null
    }
  }
  if (id === null) return null
  const lesson = findLesson(id)
  if (lesson) return { lesson, code }
  problems.push({
    field: 'lesson',
    message: `got ${JSON.stringify(id.slice(0, 60))}; ${allowedNames(id, lessonIds)}`,
  })
  return null
}

function parseStep(text: string | null, count: number, problems: ConfigIssue[]): number {
  if (text === null) return 0
  const step = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN
  if (step >= 1 && step <= count) return step - 1
  problems.push({ field: 'step', message: `got ${JSON.stringify(text.slice(0, 60))}; allowed: 1 to ${count}` })
  return 0
}
