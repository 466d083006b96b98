import type { Counted, Exchanged } from './algorithms/types.ts'
import type { Communicator, RoundArray } from './communicator.ts'
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

/** Sums of models for the neighbors; the count of models travels beside each, as one number. */
export async function tradeCounted(communicator: Communicator, messages: ReadonlyMap<number, Counted>): Promise<Map<number, Counted>> {
  const arrays = [...messages].map(([rank, { sum, count }]): [number, RoundArray[]] => [
    rank,
    [
      { kind: 'model', values: sum },
      { kind: 'evaluation', values: Float32Array.of(count) },
    ],
  ])
  const received = await communicator.tradeWithNeighbors(new Map(arrays))
  return new Map([...received].map(([rank, [sum, count]]) => [rank, { sum: sum.values, count: count.values[0] }]))
}
