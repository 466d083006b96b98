/*
 * The arithmetic of a round. Every worker, in a tab or simulated, must get the same bits, so the order of the sums and
 * the place of each rounding are fixed here: float32 accumulators, from zero, vectors in the order given (rank order),
 * each product and sum in float64 and rounded to float32 when stored.
 */

/** acc = 0; for each vector in order: acc[k] = float32(acc[k] + weight * v[k]). */
export function weightedSum(vectors: readonly Float32Array[], weights: readonly number[]): Float32Array {
  const sum = new Float32Array(vectors[0].length)
  vectors.forEach((vector, j) => {
    const weight = weights[j]
    for (let k = 0; k < sum.length; k++) sum[k] += weight * vector[k]
  })
  return sum
}

/** acc = 0; for each vector in order: acc[k] = float32(acc[k] + v[k]); then acc[k] = float32(acc[k] / number of vectors). */
export function mean(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0].length)
  for (const vector of vectors) for (let k = 0; k < sum.length; k++) sum[k] += vector[k]
  for (let k = 0; k < sum.length; k++) sum[k] /= vectors.length
  return sum
}
