import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Insight } from '../../engine/index.ts'
import { Confusion, shareOf } from './confusion.ts'
import { insightOf, takeInsight } from './insight-store.ts'
import { insightBytes, joinedInsight, noInsight, predictionsOf, type RecordedInsight, saidAt, withInsight } from './recorded-insight.ts'

const pictures = (rank: number): Insight => {
  const two = { images: Uint8Array.of(1, 2), labels: Uint8Array.of(0, 1) }
  return { type: 'pictures', rank, strip: two, own: two }
}
const predictions = (rank: number, step: number, confusion = Uint32Array.of(3, 0, step, rank)) =>
  ({
    ...{ type: 'predictions', rank, step, confusion, averagedConfusion: Uint32Array.of(step, 0, 0, 10_000) },
    strip: { classes: Uint8Array.of(rank, 1), probabilities: Float32Array.of(0.5, 0.25) },
    averagedStrip: { classes: Uint8Array.of(1, 0), probabilities: Float32Array.of(0.125, 1) },
  }) satisfies Insight
const said = (insight: RecordedInsight, rank: number, step: number) => saidAt(insight, rank, step)?.step
const recorded = (insights: Insight[], mostBytes?: number) =>
  insights.reduce((insight, next) => withInsight(insight, next, mostBytes), noInsight)

describe('what a training worker shows', () => {
  beforeEach(() => takeInsight('a', pictures(0)))

  it('is kept by worker and step, as it came', () => {
    const came = [predictions(1, 10), predictions(0, 10), predictions(1, 20)]
    for (const insight of came) takeInsight('a', insight)
    const insight = insightOf('a') ?? noInsight
    expect([...insight.pictures.keys()]).toEqual([0])
    expect([said(insight, 0, 9), said(insight, 0, 99), said(insight, 1, 19), said(insight, 1, 20)]).toEqual([undefined, 10, 10, 20])
    for (const { type: _, rank, step, ...all } of came) {
      const found = saidAt(insight, rank, step)
      expect(found && predictionsOf(found)).toEqual(all)
    }
  })

  it('goes when another run is shown', () => {
    takeInsight('a', predictions(0, 10))
    takeInsight('b', pictures(2))
    expect(insightOf('a')).toBeNull()
    expect([...(insightOf('b')?.pictures.keys() ?? [])]).toEqual([2])
    expect(insightOf('b')?.evaluations).toEqual([])
  })

  it('gives every cell of a confusion matrix back', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 49, maxLength: 49 })
    fc.assert(
      fc.property(counts, (cells) => {
        const confusion = Uint32Array.from(cells)
        const found = saidAt(recorded([predictions(0, 1, confusion)]), 0, 1)
        expect(found && predictionsOf({ ...found, averaged: found.own }).averagedConfusion).toEqual(confusion)
      }),
    )
  })

  it('of two pages joins to what all their workers have said, however often', () => {
    const [a, b] = [recorded([pictures(0), predictions(0, 10)]), recorded([pictures(1), predictions(1, 10), predictions(1, 20)])]
    expect([joinedInsight(null, a), joinedInsight(a, null), joinedInsight(null, null)]).toEqual([a, a, null])
    for (const joined of [joinedInsight(a, b), joinedInsight(joinedInsight(a, b), b)]) {
      if (!joined) throw new Error('nothing')
      expect([...joined.pictures.keys()]).toEqual([0, 1])
      expect(joined.evaluations.map(({ step }) => step)).toEqual([10, 20])
      expect([said(joined, 0, 20), said(joined, 1, 10), said(joined, 1, 20)]).toEqual([10, 10, 20])
      expect(insightBytes(joined)).toBeGreaterThan(insightBytes(b))
      expect(insightBytes(joined)).toBeLessThanOrEqual(insightBytes(a) + insightBytes(b))
    }
  })

  it('is thinned to equal distances and the last evaluation where it would be too large', () => {
    const evaluation = insightBytes(recorded([predictions(0, 1), predictions(1, 1)]))
    for (let count = 3; count < 40; count++) {
      const told = Array.from({ length: count }, (_, i) => [predictions(0, 10 * i), predictions(1, 10 * i)]).flat()
      const insight = recorded(told, 6 * evaluation)
      expect(insightBytes(insight)).toBeLessThanOrEqual(6 * evaluation)
      const places = insight.evaluations.map(({ step }) => step / 10)
      expect(places.at(-1)).toBe(count - 1)
      expect(places.slice(0, -1)).toEqual(places.slice(0, -1).map((_, i) => i * insight.every))
      expect(places.length).toBeGreaterThan(Math.min(count, 6) / 2)
      expect(insight.evaluations.every(({ said }) => said.size === 2)).toBe(true)
    }
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
