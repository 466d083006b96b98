import { expect, it } from 'vitest'
import { composedField } from './composed-field.ts'
import { LessonError, parseLesson } from './schema.ts'

it('calls what is missing as the composer does', () => {
  const trials = [{ label: 'One' }, { label: '', config: { algorithm: { id: 'd-sum', beta: 2 } } }]
  const issuesOf = (lesson: object) => {
    try {
      parseLesson({ id: 'a', title: '', summary: 'b', ...lesson })
      return []
    } catch (error) {
      if (!(error instanceof LessonError)) throw error
      return error.issues.map(({ field, message }) => `${composedField(field)}: ${message}`)
    }
  }
  expect(issuesOf({ steps: [] })).toEqual([
    'Title of the lesson: got ""; allowed: 1 to 80 characters',
    'Steps: got []; allowed: 1 to 20 steps',
  ])
  expect(issuesOf({ title: 'A', steps: [{ title: '', text: [], trials }] })).toEqual([
    'Step 1: Title of the step: got ""; allowed: 1 to 80 characters',
    'Step 1: Text: got []; allowed: 1 to 6 paragraphs',
    'Step 1: Text of button 2: got ""; allowed: 1 to 60 characters',
    expect.stringMatching(/^Step 1: Momentum β: got 2;/),
  ])
})

it('leaves what it does not know as it is', () => {
  expect(['id', 'steps.0.links.0.page', 'steps.1'].map(composedField)).toEqual(['id', 'steps.0.links.0.page', 'steps.1'])
})
