import { z } from 'zod'
import { block } from './block.ts'
import { identity } from './identity.ts'
import { byte, sign } from './quantize.ts'
import { sampledTopK } from './sampled-top-k.ts'
import { topK } from './top-k.ts'
import type { Compressor, CompressorDefinition, CompressorPlace } from './types.ts'

/** Every compressor of the lab. */
export const compressors = [topK, sampledTopK, block, byte, sign, identity] as const

/** One compressor and its hyperparameters, as in a run's configuration. */
export const compressorSchema = z.discriminatedUnion('id', [
  z.strictObject({ id: z.literal('top-k'), ...topK.hyperparameters.shape }),
  z.strictObject({ id: z.literal('sampled-top-k'), ...sampledTopK.hyperparameters.shape }),
  z.strictObject({ id: z.literal('block'), ...block.hyperparameters.shape }),
  z.strictObject({ id: z.literal('byte') }),
  z.strictObject({ id: z.literal('sign') }),
  z.strictObject({ id: z.literal('identity') }),
])

export type CompressorConfig = z.output<typeof compressorSchema>

export function createCompressor(config: CompressorConfig, place: CompressorPlace): Compressor {
  const definition = compressors.find(({ id }) => id === config.id) as CompressorDefinition | undefined
  if (!definition) throw new RangeError(`no compressor ${config.id}`)
  return definition.create(config, place)
}

export { blockFrom } from './block.ts'
export { exactTopK } from './top-k.ts'
export type { Compressor, CompressorDefinition, CompressorPlace } from './types.ts'
