import { expect, test } from 'vitest'
import { linePath } from './line-path.ts'

test('a line is one way from point to point', () => {
  expect(
    linePath([
      [0, 1],
      [2.004, 3.006],
      [4, 5],
    ]),
  ).toBe('M0 1L2 3.01L4 5')
})

test('a gap is not drawn over', () => {
  expect(linePath([null, [0, 1], [2, 3], null, null, [4, 5], [6, 7]])).toBe('M0 1L2 3M4 5L6 7')
  expect(linePath([null])).toBe('')
})
