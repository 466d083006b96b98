import { describe, expect, it } from 'vitest'
import { evaluationEvent, stepEvent } from '../cluster/events.fixture.ts'
import { metricHeader, metricLines } from '../cluster/index.ts'
import { type MetricEvent, parseRunConfig } from '../engine/index.ts'
import { zeroPayload } from '../p2p/index.ts'
import { toCsv } from './export.ts'

const config = parseRunConfig({})
const header = metricHeader({ run: 'r1', simulated: true, config })
const events: MetricEvent[] = [
  stepEvent(0, 1, { loss: 2.3, payloadBytes: 100, framingBytes: 3, payloadByKind: { ...zeroPayload(), model: 60, tracker: 40 } }),
  evaluationEvent(0, 1, { consensusDistance: 2, drift: 0.25, payloadBytes: 100, framingBytes: 3 }),
  { type: 'view', rank: 0, step: 1, view: 1, members: 2, message: '=Tab "3", gone\nfor good' },
  {
    type: 'finished',
    rank: 0,
    steps: 1,
    parameters: 10,
    serverScalars: { up: 0, down: 0 },
    parametersSha256: 'ab',
    sentBytes: { payload: 100, framing: 3, control: 7, byKind: { ...zeroPayload(), model: 60, tracker: 40 } },
    imagesPerSecond: 64,
    seconds: 1,
  },
]

describe('export', () => {
  it('writes JSON Lines: the configuration, then every event', () => {
    const lines = metricLines(header, events)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines[0]).toEqual({ type: 'header', schema: 'tabswarm/metrics/1', run: 'r1', simulated: true, config })
    expect(lines.slice(1)).toEqual(events)
  })

  it('writes CSV: the configuration as a comment, the names, then a row per event', () => {
    const [comment, names, ...rows] = toCsv(header, events).trimEnd().split('\r\n')
    expect(JSON.parse(comment.slice(2))).toEqual(header)
    const columns = names.split(',')
    expect(rows).toHaveLength(4)
    const step = Object.fromEntries(rows[0].split(',').map((value, i) => [columns[i], value]))
    expect(step).toMatchObject({
      type: 'step',
      rank: '0',
      step: '1',
      loss: '2.3',
      payloadBytes: '100',
      modelBytes: '60',
      trackerBytes: '40',
      accuracy: '',
      ...{ exchangeMs: '1', encodeMs: '0.5', sendMs: '0.2', waitMs: '0.3' },
    })
    const evaluation = Object.fromEntries(rows[1].split(',').map((value, i) => [columns[i], value]))
    expect(evaluation).toMatchObject({ classAccuracy: '1 0', drift: '0.25', trackerError: '', waitMs: '' })
    const finished = Object.fromEntries(rows[3].split(',').map((value, i) => [columns[i], value]))
    expect(finished).toMatchObject({ step: '1', controlBytes: '7', modelBytes: '60', parametersSha256: 'ab' })
  })

  it('quotes text and disarms formulas', () => {
    expect(toCsv(header, events)).toContain(`"'=Tab ""3"", gone\nfor good"`)
  })
})
