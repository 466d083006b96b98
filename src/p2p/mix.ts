import type { Message } from '../engine/index.ts'
import { asReceived } from './codec.ts'
import { combine } from './combine.ts'
import { ExchangeError } from './exchange-errors.ts'
import type { FrameArray } from './frame.ts'
import { type ExpectedArray, expectLike, type Round, toEach, valuesOf } from './round.ts'

/** A worker's place in the graph of one communication round. */
export interface Neighborhood {
  /** its row of W */
  weights: number[]
  /** ranks that it hears: W_ij != 0, ascending, itself excluded */
  sources: number[]
  /** ranks that it speaks to: W_ji != 0, ascending, itself excluded */
  targets: number[]
}

/** Reads it from W. Throws ExchangeError `mixing-matrix` when W is not `size` x `size`. */
export function neighborhoodOf(matrix: number[][], rank: number, size: number): Neighborhood {
  if (matrix.length !== size || matrix.some((row) => row.length !== size))
    throw new ExchangeError(
      'mixing-matrix',
      `expected a mixing matrix of ${size} x ${size}, got rows of ${matrix.map((row) => row.length)}`,
    )
  const others = matrix.map((_, j) => j).filter((j) => j !== rank)
  return {
    weights: matrix[rank],
    sources: others.filter((j) => matrix[rank][j] !== 0),
    targets: others.filter((j) => matrix[j][rank] !== 0),
  }
}

/**
 * sum_j W_ij v_j of each array, in rank order (combine.ts), this worker's own arrays as the others read them. What rounding to float16 took
 * from a worker's own array stays with it: v_i <- sum_j W_ij q_j + (v_i - q_i), so that, as W's columns sum to one, sums over the workers
 * (the mean model, trackers) are kept, and steps smaller than float16's are not lost.
 */
export async function mixArrays(
  round: Round,
  { weights, sources, targets }: Neighborhood,
  arrays: FrameArray[],
  form?: ExpectedArray['form'],
): Promise<Message[]> {
  const arrived = await round.exchange({ send: toEach(targets, arrays), from: sources, expect: expectLike(arrays, form) })
  const own = arrays.map(({ kind, message, float16 }) => ({ kind, message: asReceived(message, float16) }))
  arrived.set(round.rank, own)
  const ranks = weights.map((_, j) => j).filter((j) => weights[j] !== 0)
  return arrays.map((array, a) => {
    const mixed = combine(
      ranks.map((j) => messageFrom(arrived, j, a)),
      array.message.size,
      ranks.map((j) => weights[j]),
    )
    if (array.float16) addRest({ kind: array.kind, message: mixed }, array, own[a])
    return mixed
  })
}

/** mixed += exact - rounded */
function addRest(mixed: FrameArray, exact: FrameArray, rounded: FrameArray): void {
  const [sums, from, to] = [mixed, exact, rounded].map(valuesOf)
  for (let k = 0; k < sums.length; k++) sums[k] += from[k] - to[k]
}

/** The array of that number from a rank. An exchange resolves only with those of all ranks that it waited for. */
export function messageFrom(arrived: ReadonlyMap<number, readonly FrameArray[]>, rank: number, array: number): Message {
  const arrays = arrived.get(rank)
  if (!arrays) throw new RangeError(`no arrays from rank ${rank}`)
  return arrays[array].message
}
