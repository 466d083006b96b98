import { expect, it } from 'vitest'
import { evaluationEvent, finishedEvent, stepEvent } from '../../cluster/events.fixture.ts'
import { metricHeader, metricLines } from '../../cluster/index.ts'
import { type MetricEvent, parseRunConfig } from '../../engine/index.ts'
import { storeOf } from '../metrics/store.fixture.ts'
import { headerOf, importedRun, keptRunOf } from './kept-run.ts'
import { packMetrics, readMetrics } from './metrics-file.ts'

const config = parseRunConfig({ workers: 2, seed: 7 })
const events: MetricEvent[] = [
  ...Array.from({ length: 700 }, (_, i) => [stepEvent(0, i + 1), stepEvent(1, i + 1, { loss: Number.NaN })]).flat(),
  evaluationEvent(0, 700),
  evaluationEvent(1, 700),
  { type: 'view', rank: 0, step: 700, view: 2, members: 1, message: 'Tab “2” is gone\n' },
  finishedEvent(0, 700),
]
const run = keptRunOf(
  {
    id: 'r1',
    config,
    phase: 'stopped',
    seats: ['Ann', 'Bo'].map((name) => ({ id: name, name, lost: false })),
    shards: [
      [3, 1],
      [0, 4],
    ],
    spectralGap: 0.5,
    parameters: 10,
    message: '',
    simulation: null,
  },
  storeOf(events),
  { members: [] },
  1_000,
)

it('gives back what was packed: header, facts and every event in the order in which it came', async () => {
  const packed = await packMetrics(headerOf(run), storeOf(events))
  const { header, metrics } = await readMetrics(new Blob([packed]))
  expect(header).toEqual(headerOf(run))
  expect(metrics.events()).toEqual(events)
  expect(importedRun(header, metrics, 1_000)).toMatchObject({
    ...run,
    seats: [{ name: 'Ann' }, { name: 'Bo' }],
    figures: { steps: 700, accuracy: { mean: 0.45, averaged: 0.6 }, sentBytes: 700e6 },
  })
})

it('reads the file of a run that the command line wrote, without the facts', async () => {
  const header = metricHeader({ run: 'r2', simulated: true, config })
  const { metrics, ...read } = await readMetrics(new Blob([metricLines(header, events)]))
  expect(read.header).toEqual(header)
  expect(importedRun(header, metrics, 0)).toMatchObject({ shards: null, parameters: 10, end: 'stopped', seats: [{ name: 'Worker 0' }, {}] })
})

it.each([
  ['', 'an empty file'],
  ['{"step": 1}\n', 'line 1: got {"step": 1}; expected the header'],
  [metricLines(metricHeader({ run: 'r', simulated: true, config }), []), 'a header and no events'],
  [
    `${metricLines(metricHeader({ run: 'r', simulated: true, config }), [stepEvent(0, 1)])}nonsense\n`,
    'line 3: got nonsense; expected a step',
  ],
  [metricLines(metricHeader({ run: 'r', simulated: true, config }), [stepEvent(2, 1)]), 'line 2: rank: got 2; allowed: 0 to 1'],
])('says what is wrong with a file, and where: %#', async (text, message) => {
  await expect(readMetrics(new Blob([text]))).rejects.toThrow(message)
})

it('names the field of a configuration that this version does not have', async () => {
  const text = metricLines(metricHeader({ run: 'r', simulated: true, config: { ...config, alpha: -1 } }), [stepEvent(0, 1)])
  await expect(readMetrics(new Blob([text]))).rejects.toThrow(/alpha: got -1/)
})
