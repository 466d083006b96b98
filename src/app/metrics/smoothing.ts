/** How much of the noise is taken out of a line. */
export const smoothings = ['off', 'moderate', 'strong'] as const
export type Smoothing = (typeof smoothings)[number]

/** Share of the past in every value: about the last 10, or the last 50 steps count. */
const weights: Record<Smoothing, number> = { off: 0, moderate: 0.9, strong: 0.98 }

/**
 * Exponential moving average of a line, corrected for its short past at the beginning (Kingma and Ba, Adam, 2015, section 3). A value that
 * is not finite stays what it is, and has no part in the others.
 */
export function smoothed(values: ArrayLike<number>, smoothing: Smoothing): Float64Array {
  const weight = weights[smoothing]
  let average = 0
  let missing = 1
  return Float64Array.from(values, (value) => {
    if (!Number.isFinite(value)) return value
    average = weight * average + (1 - weight) * value
    missing *= weight
    return average / (1 - missing)
  })
}
