import { z } from 'zod'
import { randomStream } from '../random.ts'
import { countOf, ratio } from './ratio.ts'
import type { Compressor, CompressorDefinition } from './types.ts'

const hyperparameters = z.object({ ratio })

/**
 * Random block gradient sparsification (RBGS): k neighboring entries from a random start, the same on all workers, so no positions are
 * sent. The block goes round at the end.
 */
export const block: CompressorDefinition<typeof hyperparameters.shape> = {
  id: 'block',
  title: 'Random block (RBGS)',
  source: 'Vogels et al. (2019), Xu and Huang (2022)',
  hyperparameters,
  create: ({ ratio }, { size, seed }) => blockFrom(countOf(ratio, size), (step) => randomStream(seed, 'block', step).integer(size)),
}

/** @param startAt where the block of a gradient step begins */
export function blockFrom(k: number, startAt: (step: number) => number): Compressor {
  return {
    async compress(v, step) {
      const values = await v.read()
      const start = startAt(step)
      return { kind: 'block', size: v.size, start, values: Float32Array.from({ length: k }, (_, i) => values[(start + i) % v.size]) }
    },
  }
}
