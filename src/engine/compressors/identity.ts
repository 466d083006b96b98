import { z } from 'zod'
import type { CompressorDefinition } from './types.ts'

const hyperparameters = z.object({})

/** Sends everything: the other end of every comparison. */
export const identity: CompressorDefinition<typeof hyperparameters.shape> = {
  id: 'identity',
  title: 'None',
  source: 'no compression',
  hyperparameters,
  create: () => ({ compress: async (v) => ({ kind: 'dense', size: v.size, values: await v.read() }) }),
}
