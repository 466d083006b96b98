import type { Exchanged } from './algorithms/types.ts'
import type { RoundArray } from './communicator.ts'
import type { VectorKind } from './events.ts'
import type { Vector } from './vector.ts'

/** Brings vectors to the host, through one round, and back to their device; they stay as they are when the round is rejected. */
export async function exchangeVectors(vectors: Exchanged, round: (arrays: RoundArray[]) => Promise<void>): Promise<void> {
  const entries = Object.entries(vectors) as [VectorKind, Vector][]
  const arrays = await Promise.all(entries.map(async ([kind, vector]) => ({ kind, values: await vector.read() })))
  await round(arrays)
  entries.forEach(([, vector], i) => {
    vector.write(arrays[i].values)
  })
}
