import type { Entries } from '../vector.ts'

/** The k-th largest value (k from 1), by quickselect. Reorders `values`. NaN counts as smallest. */
export function kthLargest(values: Float32Array, k: number): number {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) values[i] = Number.NEGATIVE_INFINITY
  const target = values.length - k
  let low = 0
  let high = values.length - 1
  while (low < high) {
    const pivot = medianOfThree(values[low], values[(low + high) >> 1], values[high])
    let i = low
    let j = high
    while (i <= j) {
      while (values[i] < pivot) i++
      while (values[j] > pivot) j--
      if (i > j) break
      const kept = values[i]
      values[i++] = values[j]
      values[j--] = kept
    }
    if (target <= j) high = j
    else if (target >= i) low = i
    else break
  }
  return values[target]
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}

/** Positions of the k largest magnitudes, ascending; of equal ones the first. */
export function largestMagnitudes(values: Float32Array, k: number): Uint32Array {
  const magnitudes = values.map(Math.abs)
  const threshold = kthLargest(magnitudes, k)
  const indices = new Uint32Array(k)
  let above = 0
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]) > threshold) above++
  let equal = k - above
  let found = 0
  for (let i = 0; i < values.length && found < k; i++) {
    const magnitude = Math.abs(values[i])
    if (magnitude > threshold || (!(magnitude < threshold) && equal-- > 0)) indices[found++] = i
  }
  return indices
}

/** The k entries of largest magnitude. */
export function largestEntries(values: Float32Array, k: number): Entries {
  const indices = largestMagnitudes(values, k)
  return { indices, values: valuesAt(values, indices) }
}

/** The values at those positions. */
export function valuesAt(values: Float32Array, indices: Uint32Array): Float32Array {
  return Float32Array.from(indices, (index) => values[index])
}
