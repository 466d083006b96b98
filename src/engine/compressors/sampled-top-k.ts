import { z } from 'zod'
import { randomStream } from '../random.ts'
import { countOf, ratio } from './ratio.ts'
import { kthLargest, largestMagnitudes, valuesAt } from './select.ts'
import type { CompressorDefinition } from './types.ts'

const hyperparameters = z.object({
  ratio,
  sampleShare: z.number().positive().max(1).default(0.05).describe('Share of the entries from which the threshold is estimated'),
})

/** More survivors than this times k are cut down to exactly k, as in the official DGC code. */
const CAP = 1.3
const SMALLEST_SAMPLE = 100

/**
 * Keeps what reaches a threshold: the entry of a random sample that is as far from its top as k is in the whole. About k entries, in one
 * pass. A threshold of zero would keep everything: only entries other than zero count, and too many are cut down to the k largest.
 */
export const sampledTopK: CompressorDefinition<typeof hyperparameters.shape> = {
  id: 'sampled-top-k',
  title: 'Top-k (sampled threshold)',
  source: 'GMC paper (arXiv 1905.12948), section 5; Lin et al. (2018)',
  hyperparameters,
  create({ ratio, sampleShare }, { size, seed, rank }) {
    const k = countOf(ratio, size)
    const sampleSize = Math.min(size, Math.max(SMALLEST_SAMPLE, Math.ceil(1 / ratio), Math.round(sampleShare * size)))
    const sample = new Float32Array(sampleSize)
    return {
      async compress(v, step) {
        const values = await v.read()
        // Evenly spread over the vector, so over its layers, from a random start.
        const stride = Math.floor(size / sampleSize)
        const start = randomStream(seed, 'sample', rank, step).integer(size)
        for (let i = 0; i < sampleSize; i++) sample[i] = Math.abs(values[(start + i * stride) % size])
        const threshold = kthLargest(sample, Math.max(1, Math.round((k / size) * sampleSize)))
        const indices = survivors(values, threshold, Math.floor(CAP * k)) ?? largestMagnitudes(values, k)
        return { kind: 'sparse', size, indices, values: valuesAt(values, indices) }
      },
    }
  },
}

/** Positions of the entries that are not zero and reach the threshold; null when there are more than `most`. */
function survivors(values: Float32Array, threshold: number, most: number): Uint32Array | null {
  const indices = new Uint32Array(Math.max(1, most))
  let found = 0
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i])
    if (magnitude < threshold || magnitude === 0) continue
    if (found === indices.length) return null
    indices[found++] = i
  }
  return indices.slice(0, found)
}
