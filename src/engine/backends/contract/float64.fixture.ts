import { expect } from 'vitest'

/** of float32 results, relative */
const TOLERANCE = 1e-5
/** for differences of a float64 function */
const STEP = 1e-6

type Values = ArrayLike<number>

/**
 * Every error is at most `tolerance` times the largest expected value, or times `terms` if that is more: the size of the terms whose sum
 * the values are, where they may cancel.
 */
export function expectClose(
  actual: Float32Array,
  expected: Values,
  what: string,
  { tolerance = TOLERANCE, terms = 0 }: { tolerance?: number; terms?: number } = {},
): void {
  expect(actual.length, `${what}: length`).toBe(expected.length)
  let [largest, error] = [terms, 0]
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]))
    error = Math.max(error, Math.abs(actual[i] - expected[i]))
  }
  expect(error, `${what}: largest error`).toBeLessThanOrEqual(tolerance * largest)
}

/** Gradient of weights . f(at) by central differences, in float64: what backpropagation of the weights through f must give. */
export function slopes(f: (at: Float64Array) => Values, at: Values, weights: Values): Float64Array {
  const moved = Float64Array.from(at)
  const sum = () => {
    const values = f(moved)
    let total = 0
    for (let i = 0; i < values.length; i++) total += weights[i] * values[i]
    return total
  }
  return moved.map((value, i) => {
    moved[i] = value + STEP
    const above = sum()
    moved[i] = value - STEP
    const below = sum()
    moved[i] = value
    return (above - below) / (2 * STEP)
  })
}
