import { beforeEach, expect, it } from 'vitest'
import { parseRunConfig } from '../../engine/index.ts'
import { useLab } from '../store.ts'
import { parseLesson } from './schema.ts'
import { chooseTrial, chosenTrial, enterStep, isTried, leaveLesson, openLesson, shownControls } from './visit.ts'

const lesson = parseLesson({
  id: 'a-lesson',
  title: 'A lesson',
  summary: 'About something',
  config: { workers: 3 },
  controls: ['alpha'],
  steps: [
    { title: 'One', text: ['.'], axis: 'megabytes' },
    {
      title: 'Two',
      text: ['.'],
      trials: [
        { label: 'A', config: { alpha: 1 } },
        { label: 'B', config: { alpha: 2 } },
      ],
    },
  ],
})
const second = { lesson, step: 1, code: null }

beforeEach(() => useLab.setState(useLab.getInitialState()))

it('puts the lab in the state of the step, and leaves it there', () => {
  openLesson(lesson)
  expect(useLab.getState()).toMatchObject({ simulated: true, xAxis: 'megabytes', draft: { workers: '3' } })
  expect(shownControls(useLab.getState())).toEqual(['alpha'])
  enterStep(second)
  expect(useLab.getState()).toMatchObject({ xAxis: 'megabytes', draft: { workers: '3', alpha: '1' } })
  chooseTrial(second, 1)
  leaveLesson()
  expect(useLab.getState()).toMatchObject({ lesson: null, draft: { workers: '3', alpha: '2' } })
  expect(shownControls(useLab.getState())).toBeNull()
})

it('knows which trial stands in the form', () => {
  enterStep(second)
  expect(chosenTrial(second, useLab.getState())).toBe(0)
  chooseTrial(second, 1)
  expect(chosenTrial(second, useLab.getState())).toBe(1)
  expect(chosenTrial(second, { ...useLab.getState(), simulated: false })).toBe(-1)
  useLab.setState(({ draft }) => ({ draft: { ...draft, alpha: '7' } }))
  expect(chosenTrial(second, useLab.getState())).toBe(-1)
})

it('knows which trials have been run to the end', () => {
  const config = parseRunConfig({ workers: 3, alpha: 2 })
  const run = {
    id: 'a',
    config,
    phase: 'finished' as const,
    seats: [],
    shards: null,
    spectralGap: null,
    parameters: null,
    message: '',
    simulation: null,
  }
  expect([0, 1].map((trial) => isTried(second, trial, { run, earlier: [] }))).toEqual([false, true])
  expect(isTried(second, 1, { run: { ...run, phase: 'stopped' }, earlier: [] })).toBe(false)
  const others = { ...run, config: { ...config, workers: 5 } }
  expect(isTried(second, 1, { run: others, earlier: [] })).toBe(false)
  // In a room there are as many workers as tabs.
  expect(isTried({ ...second, lesson: { ...lesson, simulated: false } }, 1, { run: others, earlier: [] })).toBe(true)
})
