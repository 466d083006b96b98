import type { z } from 'zod'
import type { Message } from '../message.ts'
import type { Vector } from '../vector.ts'

/** Chooses what of a vector is sent. It looks at the whole vector, as the papers do, and leaves the vector alone. */
export interface Compressor {
  /** @param step gradient step, 0-based: random choices follow from it, so that they do not depend on what was skipped */
  compress(v: Vector, step: number): Promise<Message>
}

/** What a compressor may need to make its random choices. */
export interface CompressorPlace {
  /** length of the vectors */
  size: number
  seed: number
  /** of the worker at the start of the run */
  rank: number
}

/** A compressor as data: the form, the flags and the docs read it. */
export interface CompressorDefinition<H extends z.ZodRawShape = z.ZodRawShape> {
  id: string
  title: string
  /** paper */
  source: string
  hyperparameters: z.ZodObject<H>
  create(hyperparameters: z.infer<z.ZodObject<H>>, place: CompressorPlace): Compressor
}
