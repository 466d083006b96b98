import { expect, it } from 'vitest'
import { parseUrl, writeUrl } from '../url-state.ts'
import { encodeLesson } from './code.ts'
import { lessons } from './library/index.ts'
import { draftsAt } from './place.ts'

const base = new URL('http://localhost:8080/')
const room = { room: 'lobby', secret: '' }

it('opens a lesson at a step, with the configuration of the step', () => {
  const { lesson, draft, simulated, problems } = parseUrl(new URL('?lesson=what-non-iid-data-does&step=2', base))
  expect(lesson).toMatchObject({ step: 1, code: null, lesson: { title: 'What non-IID data does' } })
  expect(lesson && draftsAt(lesson)[0]).toEqual(draft)
  expect({ simulated, problems }).toEqual({ simulated: true, problems: [] })
})

it('names the lessons and steps there are', () => {
  const unknown = parseUrl(new URL('?lesson=alchemy&step=2', base))
  expect(unknown.lesson).toBeNull()
  expect(unknown.problems[0].message).toBe(`got "alchemy"; allowed: ${lessons.map(({ id }) => id).join(', ')}`)
  const { lesson, problems } = parseUrl(new URL('?lesson=what-non-iid-data-does&step=9', base))
  expect(lesson?.step).toBe(0)
  expect(problems).toEqual([{ field: 'step', message: 'got "9"; allowed: 1 to 3' }])
})

it('is read back as it was written, at every step, changed in the form or not', () => {
  for (const lesson of lessons)
    for (const step of lesson.steps.keys()) {
      const place = { lesson, step, code: null }
      for (const draft of draftsAt(place)) {
        const typed = { ...draft, seed: '7' }
        const read = parseUrl(writeUrl(base, { draft: typed, simulated: lesson.simulated, lesson: place, ...room }))
        expect(read).toMatchObject({ lesson: place, simulated: lesson.simulated, problems: [] })
        expect(read.draft.seed).toBe('7')
      }
    }
})

it('carries a lesson of a teacher in the fragment, and says so when it is broken', () => {
  const code = encodeLesson({
    id: 'mine',
    title: 'Mine',
    summary: 'My own',
    steps: [{ title: 'One', text: ['Grüße 🙂'], config: { alpha: 3 } }],
  })
  const { lesson, draft, problems } = parseUrl(new URL(`?step=1#lesson=${code}&room=class-7`, base))
  expect(lesson).toMatchObject({ code, lesson: { title: 'Mine', steps: [{ text: ['Grüße 🙂'] }] } })
  expect({ alpha: draft.alpha, problems }).toEqual({ alpha: '3', problems: [] })
  if (!lesson) throw new Error('no lesson')
  const url = writeUrl(base, { draft, simulated: true, lesson, room: 'class-7', secret: '' })
  expect(parseUrl(url)).toMatchObject({ lesson, room: 'class-7', problems: [] })
  for (const broken of [code.slice(0, -9), 'x', '%%%', 'A'.repeat(20_000)]) {
    const { lesson, problems } = parseUrl(new URL(`#lesson=${encodeURIComponent(broken)}`, base))
    expect(lesson).toBeNull()
    expect(problems[0]).toMatchObject({ field: 'lesson', message: expect.stringContaining('expected what "Share as lesson" writes') })
  }
})

it('names what is wrong inside the lesson of a link', () => {
  const code = encodeLesson({ id: 'mine', title: '', summary: 'My own', steps: [{ title: 'One', text: ['.'], config: { alpha: -3 } }] })
  expect(parseUrl(new URL(`#lesson=${code}`, base)).problems.map(({ field }) => field)).toContain('title')
})
