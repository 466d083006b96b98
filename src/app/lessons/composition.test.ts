import { expect, it } from 'vitest'
import { parseRunConfig } from '../../engine/index.ts'
import { decodeLesson, encodeLesson } from './code.ts'
import { type Composition, lessonOf, moveStep, useComposition } from './composition.ts'
import { configsOf } from './schema.ts'

const step = { key: '1', title: 'One', text: 'First.\n\nSecond,\nstill second.', watch: '', view: 'charts' as const, runs: [] }
const composition: Composition = {
  title: 'Größe & Maß, 2. Teil',
  summary: '',
  simulated: true,
  controls: ['alpha'],
  steps: [
    { ...step, runs: [{ label: '', config: parseRunConfig({ alpha: 3 }) }] },
    {
      ...step,
      key: '2',
      watch: 'the line',
      view: 'workers',
      runs: [
        { label: 'Skewed', config: parseRunConfig({ alpha: 0.1, algorithm: { id: 'gmc' } }) },
        { label: 'Usual', config: parseRunConfig({ algorithm: { id: 'd-sum', localSteps: 8 } }) },
      ],
    },
  ],
}

it('becomes a lesson that a link can hold, and every configuration comes out as it was taken', () => {
  const lesson = decodeLesson(encodeLesson(lessonOf(composition)))
  expect(lesson).toMatchObject({ id: 'gro-e-ma-2-teil', summary: composition.title, controls: ['alpha'] })
  expect(lesson.steps[0]).toMatchObject({ text: ['First.', 'Second,\nstill second.'], trials: [], config: { alpha: 3 } })
  expect(lesson.steps.map(({ view }) => view)).toEqual(['charts', 'workers'])
  expect(lesson.steps[1].trials.map(({ label }) => label)).toEqual(['Skewed', 'Usual'])
  for (const [i, { runs }] of composition.steps.entries())
    expect(configsOf(lesson, lesson.steps[i]).map(parseRunConfig)).toEqual(runs.map(({ config }) => config))
})

it('lets steps change places, as far as there are any', () => {
  useComposition.setState(composition)
  moveStep(1, 1)
  moveStep(0, -1)
  expect(useComposition.getState().steps).toEqual(composition.steps)
  moveStep(1, -1)
  expect(useComposition.getState().steps.map(({ key }) => key)).toEqual(['2', '1'])
})

it('asks for what is missing', () => {
  expect(() => decodeLesson(encodeLesson(lessonOf({ ...composition, title: '' })))).toThrow(/^title: got ""/)
  const unnamed = { ...composition.steps[1], runs: composition.steps[1].runs.map((run) => ({ ...run, label: '' })) }
  expect(() => decodeLesson(encodeLesson(lessonOf({ ...composition, steps: [unnamed] })))).toThrow(/steps\.0\.trials\.0\.label/)
})
