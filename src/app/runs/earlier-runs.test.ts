import { expect, it } from 'vitest'
import { parseRunConfig } from '../../engine/index.ts'
import { evaluationEvent, storeOf } from '../metrics/events.fixture.ts'
import { MetricsStore } from '../metrics/metrics-store.ts'
import type { RunState } from '../store.ts'
import { type EarlierRun, withChosen, withPrevious } from './earlier-runs.ts'

const runOf = (id: string): RunState => ({
  id,
  config: parseRunConfig({}),
  phase: 'finished',
  seats: [],
  shards: null,
  spectralGap: null,
  parameters: null,
  message: '',
  simulation: null,
})

const evaluated = () => storeOf([evaluationEvent(0, 10, { consensusDistance: 0.1, payloadBytes: 0, seconds: 1 })])

const ids = (earlier: readonly EarlierRun[]) => earlier.map(({ id }) => id).join('')

it('keeps the last six runs, each with a look of its own that it never changes', () => {
  let earlier: readonly EarlierRun[] = []
  const letters = new Map<string, string>()
  for (const id of 'abcdefgh') {
    earlier = withPrevious(earlier, runOf(id), evaluated())
    for (const run of earlier) expect(letters.get(run.id) ?? run.look.letter).toBe(run.look.letter)
    for (const run of earlier) letters.set(run.id, run.look.letter)
    for (const part of ['letter', 'color', 'dash'] as const)
      expect(new Set(earlier.map(({ look }) => look[part])).size).toBe(earlier.length)
  }
  expect(ids(earlier)).toBe('hgfedc')
  expect(ids(withPrevious(earlier, runOf('e'), evaluated()))).toBe('hgfedc')
})

it('lets nothing go that was chosen, and refuses to choose a seventh', () => {
  let earlier: readonly EarlierRun[] = []
  for (const id of 'abcde') earlier = withChosen(earlier, runOf(id), evaluated())
  earlier = withPrevious(earlier, runOf('f'), evaluated())
  expect(() => withChosen(earlier, runOf('g'), evaluated())).toThrow('Six runs are compared already')
  earlier = withPrevious(earlier, runOf('g'), evaluated())
  expect(ids(earlier)).toBe('gedcba')
  earlier = withChosen(earlier.slice(1), runOf('h'), evaluated())
  expect(withPrevious(earlier, runOf('i'), evaluated())).toBe(earlier)
})

it('keeps the line of each chart that stands for the whole run, over every axis', () => {
  const [{ curves }] = withPrevious([], runOf('a'), evaluated())
  expect(curves.accuracy).toEqual({
    steps: [{ x: 10, y: 60 }],
    epochs: [{ x: 1, y: 60 }],
    megabytes: [{ x: 0, y: 60 }],
    seconds: [{ x: 1, y: 60 }],
  })
  expect(curves.consensus.steps).toEqual([{ x: 10, y: 0.1 }])
  expect(curves.loss.steps).toEqual([])
})

it('leaves out a run that was never evaluated', () => {
  expect(withPrevious([], runOf('a'), new MetricsStore())).toEqual([])
})
