import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluationEvent, stepEvent } from '../../cluster/events.fixture.ts'
import type { MetricEvent, StepEvent } from '../../engine/index.ts'
import { zeroPayload } from '../../p2p/index.ts'
import { accuracyRows, bytesRows, consensusRows, lossRows, MAX_POINTS } from './chart-rows.ts'
import { ColumnTable } from './column-table.ts'
import { largestTriangles } from './downsample.ts'
import { latestByClass, latestEvaluation } from './latest.ts'
import { storeOf } from './store.fixture.ts'

describe('ColumnTable', () => {
  it('grows, finds rows of an ascending column, and gives them back', () => {
    const table = new ColumnTable<'a' | 'b'>(['a', 'b'])
    for (let i = 0; i < 1_000; i++) table.push({ a: 2 * i, b: -i })
    expect(table.find('a', 998)).toBe(499)
    expect(table.find('a', 999)).toBe(-1)
    expect(table.row(999)).toEqual({ a: 1_998, b: -999 })
  })
})

describe('largestTriangles', () => {
  it('keeps short lines whole, and never more than the limit, in order, with both ends', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 1, maxLength: 900 }), fc.integer({ min: 3, max: 500 }), (y, limit) => {
        const x = y.map((_, i) => i)
        const kept = largestTriangles(x, y, limit)
        expect(kept.length).toBe(Math.min(limit, y.length))
        expect(kept[0]).toBe(0)
        expect(kept.at(-1)).toBe(y.length - 1)
        for (let i = 1; i < kept.length; i++) expect(kept[i]).toBeGreaterThan(kept[i - 1])
      }),
    )
  })

  it('keeps a lone spike', () => {
    const y = Array.from({ length: 5_000 }, (_, i) => (i === 3_217 ? 100 : 0))
    expect(
      largestTriangles(
        y.map((_, i) => i),
        y,
        300,
      ),
    ).toContain(3_217)
  })
})

describe('MetricsStore', () => {
  it('gives every event back as it came, and sorted by step and rank', () => {
    const ofRank = (rank: number): MetricEvent[] => [
      stepEvent(rank, 1),
      { type: 'view', rank, step: 1, view: 1, members: 2, message: 'Tab 3 is gone' },
      stepEvent(rank, 2),
      evaluationEvent(rank, 2),
      {
        type: 'finished',
        rank,
        steps: 2,
        parameters: 10,
        serverScalars: { up: 0, down: 0 },
        parametersSha256: 'ab',
        sentBytes: { payload: 1, framing: 2, control: 3, byKind: { ...zeroPayload(), residual: 1 } },
        imagesPerSecond: 9,
        seconds: 1,
      },
    ]
    const came = [...ofRank(1), ...ofRank(0)]
    const store = storeOf([...came, ...came])
    expect(store.eventCount).toBe(10)
    expect(store.events()).toEqual(came)
    expect(store.events(8)).toEqual(came.slice(8))
    const [one, zero] = [ofRank(1), ofRank(0)]
    expect(store.sortedEvents()).toEqual(zero.flatMap((event, i) => [event, one[i]]))
  })

  it('ignores repetitions and numbers that no worker can have', () => {
    const store = storeOf([
      stepEvent(0, 1),
      stepEvent(0, 1),
      stepEvent(-1, 1),
      stepEvent(0.5, 2),
      stepEvent(0, 1e12),
      stepEvent(99_999, 1),
      stepEvent(0, 1.5),
    ])
    expect(store.events()).toEqual([stepEvent(0, 1)])
  })

  it('means loss, epochs, bytes and seconds over the workers that reported a step', () => {
    const means = storeOf([stepEvent(0, 1), stepEvent(1, 1), stepEvent(0, 2)]).stepMeans()
    expect(means.count(0)).toBe(2)
    expect(means.mean(0, 'loss')).toBe(2.5)
    expect(means.mean(1, 'loss')).toBe(2)
    expect(means.mean(1, 'bytes')).toBe(2e6)
  })

  it('knows what a worker has sent so far, by kind', () => {
    const worker = storeOf([stepEvent(0, 1), stepEvent(0, 4, { framingBytes: 8 })]).workers.get(0)
    expect(worker?.sentBytes).toBe(4e6 + 8)
    expect((['model', 'momentum', 'tracker', 'framingBytes'] as const).map((part) => worker?.sentOf(part))).toEqual([3e6, 1e6, 0, 8])
    expect(
      storeOf([evaluationEvent(0, 1)])
        .workers.get(0)
        ?.sentOf('model'),
    ).toBe(0)
  })

  it('measures speed over the last steps', () => {
    const store = storeOf([stepEvent(0, 1), stepEvent(0, 2), stepEvent(0, 3)])
    expect(store.workers.get(0)?.imagesPerSecond(32)).toBe(64)
    expect(
      storeOf([stepEvent(0, 1)])
        .workers.get(0)
        ?.imagesPerSecond(32),
    ).toBeNull()
  })

  it('takes the null that JSON makes of NaN as NaN', () => {
    const store = storeOf([JSON.parse(JSON.stringify(stepEvent(0, 1, { loss: Number.NaN }))) as StepEvent])
    expect(store.workers.get(0)?.steps.at(0, 'loss')).toBeNaN()
    expect(lossRows(store, 'steps')).toEqual([{ x: 1, step: 1 }])
  })
})

describe('latestByClass', () => {
  it('is of the workers that took part in the last evaluation', () => {
    const store = storeOf([
      evaluationEvent(0, 10, { classAccuracy: [0.5, 0.5] }),
      evaluationEvent(1, 10),
      evaluationEvent(0, 20, { classAccuracy: [0.9, 0.1], averagedClassAccuracy: [0.6, 0.7] }),
      evaluationEvent(2, 20, { classAccuracy: [0.2, 0.8], averagedClassAccuracy: [0.6, 0.7] }),
    ])
    expect(latestByClass(store)).toEqual({
      step: 20,
      workers: [
        { rank: 0, accuracies: [0.9, 0.1] },
        { rank: 2, accuracies: [0.2, 0.8] },
      ],
      averaged: [0.6, 0.7],
    })
    expect(latestByClass(storeOf([stepEvent(0, 1)]))).toBeNull()
  })
})

describe('latestEvaluation', () => {
  it('is of those who took part in the last one', () => {
    const store = storeOf([
      evaluationEvent(0, 10),
      evaluationEvent(1, 10),
      evaluationEvent(2, 10),
      evaluationEvent(1, 20),
      evaluationEvent(2, 20),
    ])
    const latest = latestEvaluation(store)
    expect(latest).toMatchObject({ step: 20, worst: 0.3, averaged: 0.6, consensusDistance: 0.25, sentBytes: 20e6 })
    expect(latest?.mean).toBeCloseTo(0.35)
    expect(latestEvaluation(storeOf([stepEvent(0, 1)]))).toBeNull()
  })
})

describe('rows of charts', () => {
  it('have one line per worker, the mean, and gaps where a worker has not been', () => {
    const store = storeOf([stepEvent(0, 1), stepEvent(1, 1), stepEvent(0, 2)])
    expect(lossRows(store, 'steps')).toEqual([
      { x: 1, step: 1, w0: 2, w1: 3, mean: 2.5 },
      { x: 2, step: 2, w0: 2, mean: 2 },
    ])
    expect(lossRows(store, 'epochs').map((row) => row.x)).toEqual([0.1, 0.2])
    expect(lossRows(store, 'megabytes').map((row) => row.x)).toEqual([1, 2])
    expect(lossRows(store, 'seconds').map((row) => row.x)).toEqual([0.5, 1])
  })

  it('draw bytes against steps when the axis is bytes', () => {
    expect(bytesRows(storeOf([stepEvent(0, 1), stepEvent(0, 2)]), 'megabytes')).toMatchObject([
      { x: 1, w0: 1 },
      { x: 2, w0: 2 },
    ])
  })

  it('give accuracy in percent with mean, worst and the averaged model', () => {
    const store = storeOf([evaluationEvent(0, 10), evaluationEvent(1, 10)])
    expect(accuracyRows(store, 'megabytes')).toEqual([{ x: 10, step: 10, w0: 50, w1: 40, mean: 45, worst: 40, averaged: 60 }])
  })

  it('leave a distance of zero off the log axis', () => {
    const store = storeOf([evaluationEvent(0, 1, { consensusDistance: 0 }), evaluationEvent(0, 2)])
    expect(consensusRows(store, 'steps').map((row) => row.distance)).toEqual([undefined, 0.25])
  })

  it('are never more than a line may have', () => {
    const events = Array.from({ length: 3_000 }, (_, i) => [stepEvent(0, i + 1), evaluationEvent(0, i + 1)]).flat()
    const store = storeOf(events)
    for (const rows of [lossRows(store, 'steps'), accuracyRows(store, 'seconds')]) expect(rows.length).toBe(MAX_POINTS)
    expect(MAX_POINTS).toBeLessThanOrEqual(500)
  })
})
