import { expect, it } from 'vitest'
import { evaluationEvent, stepEvent } from '../../cluster/events.fixture.ts'
import { accuracyRows, lossRows, MAX_POINTS, rawKey } from './chart-rows.ts'
import { smoothedAt } from './smoothing.ts'
import { storeOf } from './store.fixture.ts'

const smoothed = (line: number[], window: number) => smoothedAt(line, [...line.keys()], window)

it('leaves a flat line alone from its first value on, and follows a step in about ten values', () => {
  expect(smoothed([3, 3, 3], 50).map((value) => value.toFixed(6))).toEqual(['3.000000', '3.000000', '3.000000'])
  const line = [...Array(100).fill(0), ...Array(10).fill(1)]
  expect(smoothed(line, 10)[109]).toBeCloseTo(1 - 0.9 ** 10, 3)
  expect(smoothed(line, 50)[109]).toBeLessThan(0.3)
  expect(smoothed(line, 1)).toEqual(line)
  expect(smoothedAt(line, [99, 109], 10)).toEqual([99, 109].map((place) => smoothed(line, 10)[place]))
})

it('weighs the first values alike before there is a past', () => {
  expect(smoothed([0, 1], 50)[1]).toBeCloseTo(1 / 1.98, 12)
})

it('passes over what is not finite', () => {
  expect(smoothed([2, Number.NaN, 2, Number.POSITIVE_INFINITY], 10)).toEqual([2, Number.NaN, expect.closeTo(2), Number.POSITIVE_INFINITY])
})

it('smooths each line of the loss over all its steps, with what was measured beside it', () => {
  const losses = (step: number) => (step % 2 === 0 ? 1 : 3)
  const metrics = storeOf(
    Array.from({ length: 2_000 }, (_, i) => stepEvent(i % 2, Math.floor(i / 2) + 1, { loss: losses(Math.floor(i / 2) + 1) })),
  )
  const raw = lossRows(metrics, 'steps')
  const rows = lossRows(metrics, 'steps', 'strong')
  expect(rows.map(({ step }) => step)).toEqual(raw.map(({ step }) => step))
  for (const [i, row] of rows.slice(50).entries()) {
    expect(row.w1).toBeCloseTo(2, 1)
    expect(row.mean).toBeCloseTo(2, 1)
    expect(row[rawKey('w1')]).toBe(raw[i + 50].w1)
    expect(row[rawKey('mean')]).toBe(raw[i + 50].mean)
  }
  expect(Object.keys(raw[0])).not.toContain(rawKey('mean'))
})

it('smooths each line of the accuracy over all its evaluations, and leaves gaps where a worker was not there', () => {
  const evaluations = 2 * MAX_POINTS
  const events = Array.from({ length: evaluations }, (_, i) => [
    evaluationEvent(0, i + 1, { accuracy: i % 2 ? 0.6 : 0.4, averagedAccuracy: i % 2 ? 0.9 : 0.5 }),
    ...(i < 3 ? [evaluationEvent(1, i + 1, { accuracy: 0.3 })] : []),
  ]).flat()
  const raw = accuracyRows(storeOf(events), 'steps')
  const rows = accuracyRows(storeOf(events), 'seconds', 'strong')
  expect(rows.map(({ step }) => step)).toEqual(raw.map(({ step }) => step))
  expect(rows).toHaveLength(MAX_POINTS)
  expect(rows[0]).toMatchObject({ w0: 40, w1: expect.closeTo(30), [rawKey('w1')]: 30, worst: 30, averaged: 50 })
  expect(rows.at(-1)).not.toHaveProperty('w1')
  for (const [i, row] of rows.slice(50).entries()) {
    expect(Math.abs((row.w0 ?? 0) - 50)).toBeLessThan(1)
    expect(Math.abs((row.averaged ?? 0) - 70)).toBeLessThan(2)
    expect(row[rawKey('averaged')]).toBe(raw[i + 50].averaged)
  }
})
