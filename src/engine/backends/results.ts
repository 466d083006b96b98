import { RESULTS } from '../plan/index.ts'
import type { EvaluationResult } from './types.ts'

/** Of the `results` of a plan. */
export function resultsOf(values: Float32Array): EvaluationResult {
  const count = values.length / RESULTS
  const predictions = new Uint8Array(count)
  const probabilities = new Float32Array(count)
  let lossSum = 0
  for (let i = 0; i < count; i++) {
    lossSum += values[RESULTS * i]
    predictions[i] = values[RESULTS * i + 1]
    probabilities[i] = values[RESULTS * i + 2]
  }
  return { lossSum, predictions, probabilities }
}
