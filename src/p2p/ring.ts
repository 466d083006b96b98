import { asReceived } from './codec.ts'
import type { FrameArray } from './frame.ts'
import { denseArray, expectLike, type Round, toEach, valuesOf } from './round.ts'

/**
 * The mean of dense arrays by ring all-reduce: N - 1 phases in which partial sums of a chunk each go round to the next rank, then N - 1 in
 * which the means do. Each worker sends 2 (N - 1) chunks of about D / N values: 2 D (N - 1) / N in all, where N divides D.
 *
 * Chunk c, the elements from floor(c D / N) on, is summed in the order of ranks c, c + 1, ..., c - 1: float32(received + own) at each
 * hop, then float32(sum / N) at rank c - 1. So all workers get the same bits, but not quite those of a sum in rank order. With float16
 * arrays the partial sums and means are rounded at every hop.
 */
export async function ringAverage(round: Round, arrays: readonly FrameArray[]): Promise<Float32Array[]> {
  const { rank, size } = round
  const sums = arrays.map((array) => valuesOf(array).slice())
  const chunk = (c: number): FrameArray[] => {
    const at = ((c % size) + size) % size
    return arrays.map(({ kind, float16 }, a) => {
      const { length } = sums[a]
      return denseArray(kind, sums[a].subarray(Math.floor((at * length) / size), Math.floor(((at + 1) * length) / size)), float16)
    })
  }
  const next = (rank + 1) % size
  const previous = (rank + size - 1) % size
  const pass = async (sent: number, received: number, take: (own: Float32Array, values: Float32Array) => void) => {
    const own = chunk(received)
    const arrived = await round.exchange({ send: toEach([next], chunk(sent)), from: [previous], expect: expectLike(own) })
    arrived.get(previous)?.forEach((array, a) => take(valuesOf(own[a]), valuesOf(array)))
  }

  for (let p = 0; p < size - 1; p++) await pass(rank - p, rank - p - 1, addInto)
  for (const { kind, message, float16 } of chunk(rank + 1)) {
    const sum = valuesOf({ kind, message })
    for (let k = 0; k < sum.length; k++) sum[k] /= size
    sum.set(valuesOf({ kind, message: asReceived(message, float16) }))
  }
  for (let p = 0; p < size - 1; p++) await pass(rank + 1 - p, rank - p, (own, mean) => own.set(mean))
  return sums
}

function addInto(own: Float32Array, received: Float32Array): void {
  for (let k = 0; k < own.length; k++) own[k] = received[k] + own[k]
}
