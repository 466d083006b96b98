import type { RoundArray } from '../engine/index.ts'
import { Exchange, type ExchangeOptions } from './exchange.ts'
import { createMemoryNetwork, type MemoryNetworkOptions } from './memory-network.ts'
import type { PeerId, View } from './types.ts'

export interface SwarmOptions extends Partial<Pick<ExchangeOptions, 'mixing' | 'aggregation' | 'float16'>> {
  network?: MemoryNetworkOptions
}

/** Stands for the engine's error of the same kind. */
export class ViewChanged extends Error {
  readonly kind = 'view-changed'
  constructor(readonly view: number) {
    super(`view ${view}`)
  }
}

export const RUN = 'run-1'

/** Ranks 0, 1, 2, ... */
export function members(size: number): PeerId[] {
  return Array.from({ length: size }, (_, i) => `peer-${i}`)
}

/** Each worker and both neighbors weigh one third; below three workers everybody weighs the same. */
export function ringMatrix(size: number): number[][] {
  if (size <= 3) return Array.from({ length: size }, () => new Array(size).fill(1 / size))
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => ([0, 1, size - 1].includes((j - i + size) % size) ? 1 / 3 : 0)),
  )
}

/** Everyone hears only its predecessor, so nobody needs an answer from those it sends to. */
export function directedRingMatrix(size: number): number[][] {
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => (j === i ? 0.5 : j === (i + size - 1) % size ? 0.5 : 0)),
  )
}

/** The members of a view, and a stranger, linked in memory; and the views after some are lost. */
export function swarm(size: number, { network, mixing = ringMatrix, ...options }: SwarmOptions = {}) {
  const peers = members(size)
  const net = createMemoryNetwork([...peers, 'stranger'], network)
  const view: View = { number: 1, members: peers }
  const viewChanged = (number: number) => new ViewChanged(number)
  const exchanges = peers.map(
    (self) => new Exchange({ run: RUN, self, view, transport: net.transport(self), mixing, viewChanged, ...options }),
  )
  const without = (number: number, ...lost: number[]): View => ({ number, members: peers.filter((_, i) => !lost.includes(i)) })
  return { net, view, exchanges, without }
}

/** Lets everything happen that is under way. */
export function flush(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Delivers in an order drawn from `pick`, a few microtasks apart, until every worker is done; a standstill is an error. */
export function shuffledDeliveries(pick: (count: number) => number) {
  const deliveries: (() => void)[] = []
  const schedule = (deliver: () => void) => deliveries.push(deliver)
  const until = async <T>(work: Promise<T>, beforeEach: () => void = () => {}): Promise<T> => {
    let done = false
    work.then(
      () => (done = true),
      () => (done = true),
    )
    for (let idle = 0; !done; ) {
      beforeEach()
      const deliver = deliveries.splice(pick(deliveries.length), 1).at(0)
      deliver?.()
      for (let ticks = pick(4); ticks > 0; ticks--) await Promise.resolve()
      if (deliver) idle = 0
      else if (++idle > 200) throw new Error('standstill')
      else await flush()
    }
    return work
  }
  return { schedule, until }
}

/** A small generator of its own for each case, so that thousands of choices shrink as one number. */
export function picker(seed: number): (count: number) => number {
  let state = seed | 1
  return (count) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * count)
  }
}

/** The same arithmetic written down a second time: float32 after every addition, in rank order. */
export function expectedMix(matrix: number[][], vectors: number[][]): number[][] {
  return matrix.map((row) =>
    vectors[0].map((_, k) =>
      row.reduce((sum, weight, j) => (weight === 0 ? sum : Math.fround(sum + weight * Math.fround(vectors[j][k]))), 0),
    ),
  )
}

export function expectedMean(vectors: number[][]): number[] {
  return vectors[0].map((_, k) =>
    Math.fround(vectors.reduce((sum, vector) => Math.fround(sum + Math.fround(vector[k])), 0) / vectors.length),
  )
}

export const randomVectors = (size: number, length = 50) =>
  Array.from({ length: size }, (_, i) => Array.from({ length }, (_, k) => Math.sin(1 + i * 97 + k * 3) * 10))

export const model = (...values: number[]): RoundArray[] => [{ kind: 'model', values: Float32Array.from(values) }]
export const values = (arrays: RoundArray[][]) => arrays.map(([{ values }]) => [...values])
