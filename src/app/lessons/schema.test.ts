import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../engine/index.ts'
import { draftsAt } from './place.ts'
import { configsOf, LessonError, parseLesson } from './schema.ts'

const lesson = { id: 'a-lesson', title: 'A lesson', summary: 'About something', steps: [{ title: 'First', text: ['Read this.'] }] }

/** The issues of data that are no lesson. */
function issuesOf(input: unknown) {
  try {
    parseLesson(input)
  } catch (error) {
    if (error instanceof LessonError) return error.issues
    throw error
  }
  throw new Error('the data were taken for a lesson')
}

describe('parseLesson', () => {
  it('fills in what a lesson need not say', () => {
    expect(parseLesson(lesson)).toMatchObject({ simulated: true, config: {}, steps: [{ trials: [], links: [], tabs: false }] })
  })

  it('names the field, the value and what is allowed', () => {
    expect(issuesOf({ ...lesson, id: 'A lesson' })).toEqual([
      { field: 'id', message: 'got "A lesson"; expected lower-case words with - between them' },
    ])
    expect(issuesOf({ ...lesson, steps: [] })[0]).toMatchObject({ field: 'steps' })
    expect(issuesOf({ ...lesson, controls: ['speed'] })[0].message).toMatch(/^got "speed"; allowed: .*alpha/)
    expect(issuesOf({ ...lesson, colour: 'red' })).toEqual([{ field: 'colour', message: 'unknown field' }])
    expect(issuesOf({ ...lesson, title: undefined })[0]).toMatchObject({ field: 'title', message: expect.stringMatching(/^got nothing/) })
    expect(issuesOf('lesson')[0].field).toBe('lesson')
  })

  it('takes no page but those of the lab', () => {
    const links = [{ label: 'Look', page: 'https://elsewhere.example/' }]
    expect(issuesOf({ ...lesson, steps: [{ ...lesson.steps[0], links }] })[0].field).toBe('steps.0.links.0.page')
  })

  it('refuses a configuration that cannot be run, wherever it stands', () => {
    const trials = [
      { label: 'Fine', config: {} },
      { label: 'Broken', config: { alpha: -1 } },
    ]
    expect(issuesOf({ ...lesson, steps: [{ ...lesson.steps[0], trials }] })).toEqual([
      { field: 'steps.0.trials.1.config.alpha', message: expect.stringMatching(/^got -1; Too small/) },
    ])
    const steps = [{ ...lesson.steps[0], config: { algorithm: { id: 'magic' } } }]
    expect(issuesOf({ ...lesson, steps })[0]).toMatchObject({
      field: 'steps.0.config.algorithm.id',
      message: expect.stringContaining('d-sum'),
    })
  })
})

it('makes a configuration of lesson, step and trial, the last word being the trial’s', () => {
  const { config, steps } = parseLesson({
    ...lesson,
    config: { alpha: 1, steps: 10, seed: 1, algorithm: { id: 'd-sum', localSteps: 4 } },
    steps: [
      { ...lesson.steps[0], config: { alpha: 2, steps: 20 }, trials: [{ label: 'Try', config: { alpha: 3, algorithm: { id: 'd-sum' } } }] },
    ],
  })
  expect(configsOf({ config }, steps[0])).toEqual([{ alpha: 3, steps: 20, seed: 1, algorithm: { id: 'd-sum' } }])
  expect(draftsAt({ lesson: { ...parseLesson(lesson), config, steps }, step: 0, code: null })[0]).toMatchObject({
    alpha: '3',
    'algorithm.localSteps': '1',
  })
})

it('finds a step without trials runnable by itself', () => {
  const { config, steps } = parseLesson({ ...lesson, config: { alpha: 7 } })
  expect(configsOf({ config }, steps[0]).map((part) => parseRunConfig(part).alpha)).toEqual([7])
})
