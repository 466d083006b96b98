import type { EvaluationResult } from './types.ts'

/** Of the `results` of a plan: pairs of cross-entropy and predicted class. */
export function resultsOf(pairs: Float32Array): EvaluationResult {
  const predictions = new Uint8Array(pairs.length / 2)
  let lossSum = 0
  for (let i = 0; i < predictions.length; i++) {
    lossSum += pairs[2 * i]
    predictions[i] = pairs[2 * i + 1]
  }
  return { lossSum, predictions }
}
