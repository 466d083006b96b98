import { z } from 'zod'
import { randomStream } from '../random.ts'
import { countOf, ratio } from './ratio.ts'
import { kthLargest, largestEntries } from './select.ts'
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
    return {
      async compress(v, step) {
        // Evenly spread over the vector, so over its layers, from a random start.
        const stride = Math.floor(size / sampleSize)
        const start = randomStream(seed, 'sample', rank, step).integer(size)
        const sample = (await v.sample(start, stride, sampleSize)).map(Math.abs)
        const threshold = kthLargest(sample, Math.max(1, Math.round((k / size) * sampleSize)))
        const entries = (await v.reaching(threshold, Math.floor(CAP * k))) ?? largestEntries(await v.read(), k)
        return { kind: 'sparse', size, ...entries }
      },
    }
  },
}
