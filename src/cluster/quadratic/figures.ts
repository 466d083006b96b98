import type { Curve } from './curve.ts'

/** What is read off a curve. Distances are null for a run that diverged. */
export interface CurveFigures {
  /** steps and distance after a tenth of them, after half of them and at the end */
  distances: { step: number; distance: number | null }[]
  /** mean over the last tenth of the steps */
  tailDistance: number | null
  /** first step that ends within a fifth of the distance at the start; null when none does */
  firstWithinFifth: number | null
}

const TAIL = 0.1
const NEAR = 0.2

export function figuresOf({ distances, diverged }: Pick<Curve, 'distances' | 'diverged'>, steps: number): CurveFigures {
  const first = distances.findIndex((distance) => distance <= NEAR * distances[0])
  const tail = distances.slice(-Math.max(1, Math.round(TAIL * steps)))
  return {
    distances: [Math.round(steps / 10), Math.round(steps / 2), steps].map((step) => ({ step, distance: distances[step] ?? null })),
    tailDistance: diverged ? null : tail.reduce((sum, distance) => sum + distance, 0) / tail.length,
    firstWithinFifth: first < 0 ? null : first,
  }
}
