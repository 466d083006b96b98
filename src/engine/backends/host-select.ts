import type { Entries } from '../vector.ts'

/** `Vector.sample` of values at hand. */
export function sampleOf(values: Float32Array, start: number, stride: number, count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => values[(start + i * stride) % values.length])
}

/** `Vector.reaching` of values at hand. */
export function reachingOf(values: Float32Array, threshold: number, most: number): Entries | null {
  const indices = new Uint32Array(most)
  let found = 0
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i])
    if (!(magnitude >= threshold) || magnitude === 0) continue
    if (found === most) return null
    indices[found++] = i
  }
  const kept = indices.slice(0, found)
  return { indices: kept, values: Float32Array.from(kept, (index) => values[index]) }
}
