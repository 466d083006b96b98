import { type CurveFigures, figuresOf, type QuadraticMethodId, quadraticMethods } from '../../cluster/quadratic/index.ts'
import { formatNumber } from '../format.ts'
import type { ShownCurve } from './use-curves.ts'

/** Nearer than this to each other is as good as equal. */
const EQUAL = 1.25

/** What the figures say about GMC and DGC without masking, at the smallest k. */
export function sentence(shown: ShownCurve[]): string {
  const diverged = shown.find(({ curve }) => curve.diverged)
  if (diverged) return `${quadraticMethods[diverged.curve.method].title} diverges: try a smaller learning rate or less momentum.`
  const gmc = shown.find(({ curve }) => curve.method === 'gmc')
  const dgc = shown.find(({ curve }) => curve.method === 'dgc-no-masking' && curve.k === gmc?.curve.k)
  if (!gmc || !dgc) return 'Choose GMC and DGC without masking to see them side by side.'
  const [near, far] = [tailOf(gmc), tailOf(dgc)]
  const words = `At k = ${gmc.curve.k} GMC settles ${formatNumber(near)} from the optimum and DGC without masking ${formatNumber(far)}`
  if (far > near * EQUAL) return `${words}: ${timesFarther(far / near)} as far.`
  return near > far * EQUAL ? `${words}: here DGC ends nearer.` : `${words}: about the same.`
}

const timesFarther = (ratio: number) => (ratio > 1_000 ? 'more than a thousand times' : `${ratio.toFixed(ratio < 10 ? 1 : 0)} times`)

const tailOf = ({ curve, experiment }: ShownCurve): number => figuresOf(curve, experiment.steps).tailDistance ?? Number.NaN

/** One line of the table. */
export interface FigureRow {
  method: QuadraticMethodId
  k: number | null
  figures: CurveFigures
}

export const figureRows = (shown: ShownCurve[]): FigureRow[] =>
  shown.map(({ curve, experiment }) => ({ method: curve.method, k: curve.k, figures: figuresOf(curve, experiment.steps) }))
