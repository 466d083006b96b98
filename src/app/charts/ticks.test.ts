import fc from 'fast-check'
import { expect, it } from 'vitest'
import { niceTicks } from './ticks.ts'

it('gives round numbers around the values', () => {
  expect(niceTicks({ min: 0, max: 52 }, { log: false, count: 4 })).toEqual({ domain: [0, 60], ticks: [0, 20, 40, 60] })
  expect(niceTicks({ min: 10, max: 10 }, { log: false, count: 4 })).toEqual({ domain: [0, 10], ticks: [0, 5, 10] })
  expect(niceTicks({ min: 0.9, max: 1.1 }, { log: false, count: 4 }).domain).toEqual([0.9, 1.1])
  expect(niceTicks({ min: 11, max: 15 }, { log: false, count: 4, fromZero: true }).domain).toEqual([0, 15])
  expect(niceTicks({ min: 0.14, max: 1.4 }, { log: true, count: 4 })).toEqual({ domain: [0.1, 2], ticks: [0.1, 0.2, 0.5, 1, 2] })
})

it('always encloses the values, with a few ascending ticks', () => {
  const value = fc.double({ min: 1e-9, max: 1e9, noNaN: true })
  fc.assert(
    fc.property(value, value, fc.boolean(), (a, b, log) => {
      const { domain, ticks } = niceTicks({ min: Math.min(a, b), max: Math.max(a, b) }, { log, count: 4 })
      expect(domain[0]).toBeLessThanOrEqual(Math.min(a, b) * 1.000001)
      expect(domain[1]).toBeGreaterThanOrEqual(Math.max(a, b) * 0.999999)
      expect(ticks.length).toBeGreaterThan(0)
      expect(ticks.length).toBeLessThan(12)
      for (let i = 1; i < ticks.length; i++) expect(ticks[i]).toBeGreaterThan(ticks[i - 1])
    }),
  )
})

it('has an axis even without values', () => {
  expect(niceTicks({ min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY }, { log: true, count: 4 }).ticks).toEqual([0, 1])
})
