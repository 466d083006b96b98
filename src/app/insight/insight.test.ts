import { beforeEach, describe, expect, it } from 'vitest'
import type { Insight } from '../../engine/index.ts'
import { Confusion, shareOf } from './confusion.ts'
import { takeInsight, useInsight } from './insight-store.ts'

const pictures = (rank: number): Insight => {
  const none = { images: new Uint8Array(), labels: new Uint8Array() }
  return { type: 'pictures', rank, strip: none, own: none }
}
const predictions = (rank: number, step: number): Insight => {
  const none = { classes: new Uint8Array(), probabilities: new Float32Array() }
  const confusion = new Uint32Array(4)
  return { type: 'predictions', rank, step, confusion, averagedConfusion: confusion, strip: none, averagedStrip: none }
}

describe('what a training worker shows', () => {
  beforeEach(() => takeInsight('a', pictures(0)))

  it('is kept by worker, the last of each', () => {
    takeInsight('a', predictions(1, 10))
    takeInsight('a', predictions(0, 10))
    takeInsight('a', predictions(1, 20))
    const { run, pictures, predictions: said } = useInsight.getState()
    expect([run, pictures.size]).toEqual(['a', 1])
    expect([...said.values()].map(({ rank, step }) => [rank, step])).toEqual([
      [1, 20],
      [0, 10],
    ])
  })

  it('goes when another run is shown', () => {
    takeInsight('a', predictions(0, 10))
    takeInsight('b', pictures(2))
    expect(useInsight.getState().run).toBe('b')
    expect([...useInsight.getState().pictures.keys()]).toEqual([2])
    expect(useInsight.getState().predictions.size).toBe(0)
  })
})

describe('Confusion', () => {
  const confusion = new Confusion(Uint32Array.of(6, 2, 0, 1, 3, 4, 0, 0, 0))

  it('tells each cell with the pictures of its class', () => {
    expect(confusion.at(1, 2)).toEqual({ actual: 1, predicted: 2, count: 4, total: 8 })
    expect(shareOf(confusion.at(1, 2))).toBe(0.5)
    expect(shareOf(confusion.at(2, 0))).toBe(0)
  })

  it('finds the worst mistakes', () => {
    expect(confusion.worst(2).map(({ actual, predicted }) => [actual, predicted])).toEqual([
      [1, 2],
      [0, 1],
    ])
    expect(confusion.worst(9)).toHaveLength(3)
  })
})
