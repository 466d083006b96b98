/** What came of one reference case: one line of `lab verify`. */
export type CaseResult =
  | { id: string; status: 'passed' | 'failed'; error: number; tolerance: number; detail: string }
  | { id: string; status: 'not-implemented'; detail: string }

/** One measured quantity of a case; it passes when error <= tolerance. */
export interface Measure {
  name: string
  error: number
  tolerance: number
}

/** The result of a case is its worst measure, in units of its tolerance. Not-a-number never passes. */
export function resultOf(id: string, measures: Measure[]): CaseResult {
  const excess = ({ error, tolerance }: Measure) => (Number.isFinite(error) ? error / tolerance : Number.POSITIVE_INFINITY)
  const worst = measures.reduce((a, b) => (excess(b) > excess(a) ? b : a))
  return { id, status: excess(worst) <= 1 ? 'passed' : 'failed', error: worst.error, tolerance: worst.tolerance, detail: worst.name }
}

/** ||a - b|| / ||b|| */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0
  let norm = 0
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) ** 2
    norm += b[i] ** 2
  }
  return Math.sqrt(difference / norm)
}

/** max |a - b| / max |b| */
export function relativeMaximum(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0
  let largest = 0
  for (let i = 0; i < b.length; i++) {
    // NaN must win here, and Math.max hands it on.
    difference = Math.max(difference, Math.abs(a[i] - b[i]))
    largest = Math.max(largest, Math.abs(b[i]))
  }
  return difference / largest
}
