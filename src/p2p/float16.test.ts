import { expect, test } from 'vitest'
import { fromFloat16, toFloat16 } from './float16.ts'
import { uniformFrom, valueBits } from './messages.fixture.ts'

/** What a half stands for, by the standard's formula. */
function standardValue(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 31
  const mantissa = half & 0x3ff
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return exponent === 0 ? sign * mantissa * 2 ** -24 : sign * (1 + mantissa / 1024) * 2 ** (exponent - 15)
}

const ALL = Uint16Array.from({ length: 65_536 }, (_, half) => half)

test('every half is the value of the standard, and comes back bit for bit', () => {
  const values = fromFloat16(ALL)
  expect([...values].every((value, half) => Object.is(value, Math.fround(standardValue(half))))).toBe(true)
  expect(toFloat16(values)).toEqual(ALL)
})

test('rounds to the nearest half, of two equally near to the even one', () => {
  const uniform = uniformFrom(1)
  const finite = [...fromFloat16(ALL.subarray(0, 0x7c00))]
  const values: number[] = []
  // Midway between two halves, and a float32 to either side of it; then anything, down into the subnormals.
  for (let half = 0; half < finite.length - 1; half++) {
    const [bits] = valueBits(Float32Array.of((finite[half] + finite[half + 1]) / 2))
    values.push(...new Float32Array(Uint32Array.of(bits - 1, bits, bits + 1).buffer))
  }
  for (let i = 0; i < 20_000; i++) values.push((uniform() - 0.5) * 2 ** Math.floor(uniform() * 45 - 28))
  const rounded = toFloat16(Float32Array.from(values))
  const wrong = values.map(Math.fround).filter((value, i) => {
    const half = rounded[i] & 0x7fff
    const magnitude = Math.abs(value)
    const error = Math.abs(standardValue(half) - magnitude)
    const neighbors = [half - 1, half + 1]
      .filter((other) => other >= 0 && other < 0x7c00)
      .map((other) => Math.abs(standardValue(other) - magnitude))
    const isTie = neighbors.includes(error)
    return neighbors.some((other) => other < error) || (isTie && half % 2 === 1) || rounded[i] >> 15 !== (value < 0 ? 1 : 0)
  })
  expect(wrong).toEqual([])
})

test('what is too large becomes infinite; NaN stays NaN, and zero keeps its sign', () => {
  const bits = (...values: number[]) => [...toFloat16(Float32Array.from(values))]
  expect(bits(65_504, 65_519.99, 65_520, 1e30, -65_520, Number.NEGATIVE_INFINITY)).toEqual([0x7bff, 0x7bff, 0x7c00, 0x7c00, 0xfc00, 0xfc00])
  expect(bits(0, -0, 2 ** -24, 2 ** -25, -(2 ** -26))).toEqual([0, 0x8000, 1, 0, 0x8000])
  const nans = new Float32Array(Uint32Array.of(0x7fc00000, 0x7f800001, 0xffffffff).buffer)
  expect([...fromFloat16(toFloat16(nans))].every(Number.isNaN)).toBe(true)
})
