import { expect, it } from 'vitest'
import { lossRows, rawKey } from './chart-rows.ts'
import { stepEvent, storeOf } from './events.fixture.ts'
import { smoothed } from './smoothing.ts'

it('leaves a flat line alone from its first value on, and follows a step in about ten values', () => {
  expect([...smoothed([3, 3, 3], 'strong')].map((value) => value.toFixed(6))).toEqual(['3.000000', '3.000000', '3.000000'])
  const line = [...Array(100).fill(0), ...Array(10).fill(1)]
  expect(smoothed(line, 'moderate')[109]).toBeCloseTo(1 - 0.9 ** 10, 3)
  expect(smoothed(line, 'strong')[109]).toBeLessThan(0.3)
  expect([...smoothed(line, 'off')]).toEqual(line)
})

it('weighs the first values alike before there is a past', () => {
  expect(smoothed([0, 1], 'strong')[1]).toBeCloseTo(1 / 1.98, 12)
})

it('passes over what is not finite', () => {
  expect([...smoothed([2, Number.NaN, 2, Number.POSITIVE_INFINITY], 'moderate')]).toEqual([
    2,
    Number.NaN,
    expect.closeTo(2),
    Number.POSITIVE_INFINITY,
  ])
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
