import { z } from 'zod'
import { countOf, ratio } from './ratio.ts'
import { largestEntries } from './select.ts'
import type { Compressor, CompressorDefinition } from './types.ts'

const hyperparameters = z.object({ ratio })

/** Keeps exactly the k entries of largest magnitude of the whole vector. */
export const topK: CompressorDefinition<typeof hyperparameters.shape> = {
  id: 'top-k',
  title: 'Top-k (exact)',
  source: 'GMC paper (arXiv 1905.12948), section 2',
  hyperparameters,
  create: ({ ratio }, { size }) => exactTopK(countOf(ratio, size)),
}

export function exactTopK(k: number): Compressor {
  return {
    async compress(v) {
      const values = await v.read()
      return { kind: 'sparse', size: v.size, ...largestEntries(values, k) }
    },
  }
}
