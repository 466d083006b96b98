import { describe, expect, it } from 'vitest'
import { balancedChoice, picturesAt, uniformChoice } from './insight.ts'

const labels = Uint8Array.from({ length: 300 }, (_, i) => (i * i + 3 * i) % 7)
const counts = (positions: number[]) => {
  const byLabel = new Map<number, number>()
  for (const position of positions) byLabel.set(labels[position], (byLabel.get(labels[position]) ?? 0) + 1)
  return [...byLabel.values()]
}

describe('the choice of pictures to show', () => {
  it('takes of each class as many as of any other, or one more', () => {
    const classes = new Set(labels).size
    for (const count of [classes, classes + 2, 3 * classes - 1]) {
      const own = counts(balancedChoice(labels, count, 5))
      expect(own).toHaveLength(classes)
      expect(Math.max(...own) - Math.min(...own)).toBe(count % classes === 0 ? 0 : 1)
    }
  })

  it('follows from the seed, by class, and never names a picture twice', () => {
    const chosen = balancedChoice(labels, 12, 5)
    expect(balancedChoice(labels, 12, 5)).toEqual(chosen)
    expect(balancedChoice(labels, 12, 6)).not.toEqual(chosen)
    expect(new Set(chosen).size).toBe(12)
    const classes = chosen.map((position) => labels[position])
    expect(classes).toEqual([...classes].sort((a, b) => a - b))
    expect(uniformChoice(labels, 24, 5, 0)).not.toEqual(uniformChoice(labels, 24, 5, 1))
    expect(new Set(uniformChoice(labels, 24, 5, 0)).size).toBe(24)
  })

  it('is of all pictures when there are fewer', () => {
    const few = Uint8Array.of(3, 1, 2)
    expect(balancedChoice(few, 12, 1)).toEqual([1, 2, 0])
    expect(uniformChoice(few, 24, 1, 0)).toEqual([1, 2, 0])
  })

  it('copies the pictures', () => {
    const pictures = { images: Uint8Array.of(1, 2, 3, 4, 5, 6), labels: Uint8Array.of(7, 8, 9) }
    expect(picturesAt(pictures, [2, 0])).toEqual({ images: Uint8Array.of(5, 6, 1, 2), labels: Uint8Array.of(9, 7) })
  })
})
