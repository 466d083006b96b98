import { z } from 'zod'

export const ratio = z.number().positive().max(1).default(0.01).describe('Share k/d of the entries that is sent')

/** k for a vector of that length: at least one entry. */
export function countOf(ratio: number, size: number): number {
  return Math.max(1, Math.min(size, Math.round(ratio * size)))
}
