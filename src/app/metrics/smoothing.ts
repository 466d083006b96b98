/** How much of the noise is taken out of a line. */
export const smoothings = ['off', 'moderate', 'strong'] as const
export type Smoothing = (typeof smoothings)[number]

/** About so many of the last values count in each: of the steps of a loss, and of evaluations, which are fewer, and means already. */
export const smoothingWindows = {
  steps: { off: 1, moderate: 10, strong: 50 },
  evaluations: { off: 1, moderate: 3, strong: 8 },
} satisfies Record<string, Record<Smoothing, number>>

/**
 * Exponential moving average of a line, corrected for its short past at the beginning (Kingma and Ba, Adam, 2015, section 3), at some of
 * its places (ascending). The share of the past in every value is 1 - 1 / `window`. A value that is not finite stays what it is, and has
 * no part in the others.
 */
export function smoothedAt(values: ArrayLike<number>, places: readonly number[], window: number): number[] {
  const weight = 1 - 1 / window
  const smoothed: number[] = []
  let average = 0
  let missing = 1
  for (let i = 0; i < values.length && smoothed.length < places.length; i++) {
    const value = values[i]
    const counts = Number.isFinite(value)
    if (counts) {
      average = weight * average + (1 - weight) * value
      missing *= weight
    }
    if (i === places[smoothed.length]) smoothed.push(counts ? average / (1 - missing) : value)
  }
  return smoothed
}
