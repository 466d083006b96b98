import { describe, expect, it } from 'vitest'
import { evaluationEvent, stepEvent } from '../../../cluster/events.fixture.ts'
import { parseRunConfig } from '../../../engine/index.ts'
import { MetricsStore } from '../../metrics/metrics-store.ts'
import { memberOf, roomWith, runWith, without } from '../../state.fixture.ts'
import type { Member, RunState } from '../../state.ts'
import { assignmentOf, moved, takingPart } from './assigning.ts'
import { lossCurve } from './loss-curve.ts'
import { deviceOf, mostOf, tilesOf } from './tiles.ts'

const backend = { name: 'simd' as const, reason: 'test', adapter: null, hardware: false, selfTest: null }
const member = (id: string, place: number, changes: Partial<Member> = {}) => memberOf(id, place, { backend, ...changes })
const roomOf = (...members: Member[]) => roomWith(members)
const runOf = (ids: string[], phase: RunState['phase'], lost: string[] = []) =>
  without(runWith(ids, phase, { config: parseRunConfig({ steps: 40, batchSize: 8 }), shards: ids.map((_, rank) => [rank, 10]) }), lost)
const step = (rank: number, step: number, loss: number) => stepEvent(rank, step, { loss, seconds: step / 4 })
const evaluation = (rank: number, accuracy: number) => evaluationEvent(rank, 2, { accuracy })

describe('tiles', () => {
  it('stand in the order of the next run before one, those who sit out last', () => {
    const tiles = tilesOf(roomOf(member('a', 1), member('b', 2, { sitsOut: true }), member('c', 0)), null, new MetricsStore())
    expect(tiles.map(({ id, rank, status, next }) => [id, rank, status.text, next])).toEqual([
      ['c', 0, 'in the room', null],
      ['a', 1, 'in the room', null],
      ['b', null, 'sits out', null],
    ])
  })

  it('show what each worker of the run has come to', () => {
    const metrics = new MetricsStore()
    metrics.add(step(1, 1, 2.3))
    metrics.add(step(1, 2, 2.1))
    metrics.add(evaluation(1, 0.25))
    const [a, b] = tilesOf(roomOf(member('a', 0), member('b', 1)), runOf(['a', 'b'], 'running'), metrics)
    expect(b).toMatchObject({
      rank: 1,
      trains: { step: 2, steps: 40 },
      imagesPerSecond: 32,
      accuracy: 0.25,
      shard: [1, 10],
      link: 'open',
      device: { kind: 'CPU', name: 'simd' },
    })
    expect(a).toMatchObject({ trains: { step: 0, steps: 40 }, imagesPerSecond: null, accuracy: null, link: null, self: true, host: true })
  })

  it('keep the seat of a tab that is gone, and say who is busy, hidden or still being linked', () => {
    const room = roomOf(member('a', 0, { hidden: true }), member('c', 1, { link: 'connecting' }), member('d', 2, { busy: true }))
    const tiles = tilesOf(room, runOf(['a', 'b', 'c'], 'running', ['b']), new MetricsStore())
    expect(tiles.map(({ id, lost, hidden, busy, status }) => [id, lost, hidden, busy, status.text])).toEqual([
      ['a', false, true, false, 'training'],
      ['b', true, false, false, 'gone'],
      ['c', false, false, false, 'connecting…'],
      ['d', false, false, true, 'runs simulated workers of its own'],
    ])
  })

  it('say what the next run has for a tab only where that differs', () => {
    const room = roomOf(member('a', 0), member('b', 3), member('c', 2, { sitsOut: true }), member('d', 1))
    const tiles = tilesOf(room, runOf(['a', 'b', 'c'], 'finished'), new MetricsStore())
    expect(tiles.map(({ id, next }) => [id, next])).toEqual([
      ['a', null],
      ['b', { rank: 2 }],
      ['c', 'out'],
      ['d', { rank: 1 }],
    ])
  })

  it('leave out a simulated run', () => {
    const run = { ...runOf(['worker-0', 'worker-1'], 'running'), simulation: { backend: null, preparing: null } }
    const tiles = tilesOf(roomOf(member('a', 0), member('b', 1)), run, new MetricsStore())
    expect(tiles.map(({ id, trains }) => [id, trains])).toEqual([
      ['a', null],
      ['b', null],
    ])
  })

  it('name the adapter only where it computes', () => {
    expect(deviceOf({ ...backend, adapter: 'a card' })).toEqual({ kind: 'CPU', name: 'simd' })
    expect(deviceOf({ ...backend, name: 'wgsl', adapter: 'a card' })).toEqual({ kind: 'GPU', name: 'wgsl, a card' })
  })

  it('name the classes of a shard, the largest first', () => {
    expect(mostOf([3, 0, 9, 5], ['ant', 'bee', 'cow', 'dog'], 2)).toBe('cow (9), dog (5)')
    expect(mostOf([3, 0, 9, 5], ['ant', 'bee', 'cow', 'dog'], 9)).toBe('cow (9), dog (5), ant (3)')
  })
})

describe('assigning', () => {
  const start = assignmentOf([member('b', 1, { sitsOut: true }), member('a', 0), member('c', 2)])

  it('begins with what the tabs show', () => expect(start).toEqual({ order: ['a', 'b', 'c'], sitOut: ['b'] }))

  it('moves a tab past its neighbor, and not beyond the ends', () => {
    expect(moved(start, 'c', -1).order).toEqual(['a', 'c', 'b'])
    expect(moved(start, 'a', 1).order).toEqual(['b', 'a', 'c'])
    expect(moved(start, 'a', -1)).toEqual(start)
    expect(moved(start, 'c', 1)).toEqual(start)
  })

  it('lets a tab sit out once, and back in', () => {
    expect(takingPart(start, 'c', false).sitOut).toEqual(['b', 'c'])
    expect(takingPart(start, 'b', false).sitOut).toEqual(['b'])
    expect(takingPart(start, 'b', true).sitOut).toEqual([])
  })
})

describe('the curve of a loss', () => {
  const curveOf = (losses: number[]) => {
    const metrics = new MetricsStore()
    losses.forEach((loss, i) => metrics.add(step(0, i + 1, loss)))
    return lossCurve(metrics.ranked()[0])
  }

  it('has a point for each of a few steps, without those that are not finite', () => {
    expect(curveOf([3, Number.NaN, 1])).toEqual([3, 1])
  })

  it('has means over stretches of many', () => {
    const curve = curveOf(Array.from({ length: 64 }, (_, i) => i))
    expect(curve).toHaveLength(32)
    expect(curve.slice(0, 2)).toEqual([0.5, 2.5])
    expect(curve.at(-1)).toBe(62.5)
  })
})
