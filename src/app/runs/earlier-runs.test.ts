import { expect, it } from 'vitest'
import { evaluationEvent, stepEvent } from '../../cluster/events.fixture.ts'
import { parseRunConfig } from '../../engine/index.ts'
import { accuracyRows, type ChartRow, lossRows, rawKey, type XAxis, xAxes } from '../metrics/chart-rows.ts'
import { MetricsStore } from '../metrics/metrics-store.ts'
import { storeOf } from '../metrics/store.fixture.ts'
import type { RunState } from '../state.ts'
import { curveOf, type EarlierRun, withChosen, withPrevious } from './earlier-runs.ts'

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
  const [run] = withPrevious([], runOf('a'), evaluated())
  const accuracy = (axis: XAxis) => curveOf(run, 'accuracy', axis, 'off')
  expect(xAxes.map(accuracy)).toEqual([[{ x: 10, y: 60 }], [{ x: 1, y: 60 }], [{ x: 0, y: 60 }], [{ x: 1, y: 60 }]])
  expect(curveOf(run, 'consensus', 'steps', 'off')).toEqual([{ x: 10, y: 0.1 }])
  expect(curveOf(run, 'loss', 'steps', 'off')).toEqual([])
})

it('keeps what was measured beside the smoothed line, which is that of the run on screen', () => {
  const metrics = storeOf(
    Array.from({ length: 500 }, (_, i) => [
      stepEvent(0, i + 1, { loss: i % 2, seconds: i * i }),
      evaluationEvent(0, i + 1, { averagedAccuracy: (i % 3) / 4, seconds: i * i }),
    ]).flat(),
  )
  const [run] = withPrevious([], runOf('a'), metrics)
  const drawn = (rows: ChartRow[], key: string) => rows.map((row) => ({ x: row.x, y: row[key], raw: row[rawKey(key)] }))
  expect(curveOf(run, 'loss', 'seconds', 'strong')).toEqual(drawn(lossRows(metrics, 'seconds', 'strong'), 'mean'))
  expect(curveOf(run, 'accuracy', 'seconds', 'moderate')).toEqual(drawn(accuracyRows(metrics, 'seconds', 'moderate'), 'averaged'))
})

it('leaves out a run that was never evaluated', () => {
  expect(withPrevious([], runOf('a'), new MetricsStore())).toEqual([])
})
