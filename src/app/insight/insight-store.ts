import { create } from 'zustand'
import type { Insight } from '../../engine/index.ts'

type Shown = Extract<Insight, { type: 'pictures' }>
type Said = Extract<Insight, { type: 'predictions' }>

/** What the training worker of this tab shows of one run: of its own worker, or of all workers that it simulates. Only the last is kept. */
interface InsightState {
  run: string | null
  /** by rank */
  pictures: ReadonlyMap<number, Shown>
  predictions: ReadonlyMap<number, Said>
}

export const useInsight = create<InsightState>()(() => ({ run: null, pictures: new Map(), predictions: new Map() }))

/** What is told of another run takes the place of all that was told before. */
export function takeInsight(run: string, insight: Insight): void {
  useInsight.setState((before) => {
    const { pictures, predictions } = before.run === run ? before : { pictures: new Map(), predictions: new Map() }
    switch (insight.type) {
      case 'pictures':
        return { run, predictions, pictures: new Map(pictures).set(insight.rank, insight) }
      case 'predictions':
        return { run, pictures, predictions: new Map(predictions).set(insight.rank, insight) }
      default:
        return insight satisfies never
    }
  })
}
