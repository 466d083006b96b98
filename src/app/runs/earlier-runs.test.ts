import { expect, it } from 'vitest'
import { parseRunConfig } from '../../engine/index.ts'
import { evaluationEvent, storeOf } from '../metrics/events.fixture.ts'
import { MetricsStore } from '../metrics/metrics-store.ts'
import type { RunState } from '../store.ts'
import { type EarlierRun, withEarlier } from './earlier-runs.ts'

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

it('keeps the last three runs, each with a dash of its own that it never changes', () => {
  let earlier: readonly EarlierRun[] = []
  const dashes = new Map<string, string>()
  for (const id of ['a', 'b', 'c', 'd', 'e']) {
    earlier = withEarlier(earlier, runOf(id), evaluated())
    for (const run of earlier) expect(dashes.get(run.id) ?? run.dash).toBe(run.dash)
    for (const run of earlier) dashes.set(run.id, run.dash)
    expect(new Set(earlier.map(({ dash }) => dash)).size).toBe(earlier.length)
  }
  expect(earlier.map(({ id }) => id)).toEqual(['e', 'd', 'c'])
})

it('keeps the line of each chart that stands for the whole run, over every axis', () => {
  const [{ curves }] = withEarlier([], runOf('a'), evaluated())
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
  expect(withEarlier([], runOf('a'), new MetricsStore())).toEqual([])
})
