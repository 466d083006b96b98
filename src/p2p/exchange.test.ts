import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { type RoundArray, ViewChanged } from '../engine/index.ts'
import { CHUNK_HEADER_BYTES, framingBytes } from './chunks.ts'
import { Exchange, type ExchangeOptions } from './exchange.ts'
import { encodeFrame, type Frame, type RoundFrame, runHash } from './frame.ts'
import { zeroBytes } from './ledger.ts'
import { createMemoryNetwork, type MemoryNetworkOptions } from './memory-network.ts'
import type { PeerId, View } from './types.ts'

// Thousands of cases on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const RUN = 'run-1'
const names = (size: number): PeerId[] => Array.from({ length: size }, (_, i) => `peer-${i}`)
const flush = () => new Promise<void>((resolve) => setImmediate(resolve))
const model = (...values: number[]): RoundArray[] => [{ kind: 'model', values: Float32Array.from(values) }]
const values = (arrays: RoundArray[][]) => arrays.map(([{ values }]) => [...values])

/** Each worker and both neighbors weigh one third; below three workers everybody weighs the same. */
function ring(size: number): number[][] {
  if (size <= 3) return Array.from({ length: size }, () => new Array(size).fill(1 / size))
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => ([0, 1, size - 1].includes((j - i + size) % size) ? 1 / 3 : 0)),
  )
}

/** Everyone hears only its predecessor, so nobody needs an answer from those it sends to. */
function directedRing(size: number): number[][] {
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => (j === i ? 0.5 : j === (i + size - 1) % size ? 0.5 : 0)),
  )
}

function swarm(size: number, mixing: ExchangeOptions['mixing'] = ring, network: MemoryNetworkOptions = {}) {
  const members = names(size)
  const net = createMemoryNetwork([...members, 'stranger'], network)
  const view: View = { number: 1, members }
  const create = (self: PeerId) =>
    new Exchange({ run: RUN, self, view, transport: net.transport(self), mixing, viewChanged: (number) => new ViewChanged(number) })
  const exchanges = members.map(create)
  const without = (number: number, ...lost: number[]): View => ({ number, members: members.filter((_, i) => !lost.includes(i)) })
  return { net, view, exchanges, without }
}

/** One worker next to a peer whose frames the test writes by hand. */
function alone(mixing: ExchangeOptions['mixing'] = ring) {
  const { net, exchanges, without } = swarm(3, mixing)
  const [exchange] = exchanges
  const base: RoundFrame = { type: 'round', run: runHash(RUN), view: 1, round: 0, operation: 'average', arrays: model(1, 2) }
  const receive = async (from: number | 'stranger', frame: Partial<Frame> | ArrayBuffer) => {
    const message = frame instanceof ArrayBuffer ? frame : encodeFrame({ ...base, ...frame } as Frame)
    net.transport(from === 'stranger' ? from : `peer-${from}`).send('peer-0', message)
    await flush()
  }
  return { exchange, receive, without }
}

/** The same arithmetic written down a second time: float32 after every addition, in rank order. */
function expectedMix(matrix: number[][], vectors: number[][]): number[][] {
  return matrix.map((row) =>
    vectors[0].map((_, k) =>
      row.reduce((sum, weight, j) => (weight === 0 ? sum : Math.fround(sum + weight * Math.fround(vectors[j][k]))), 0),
    ),
  )
}

function expectedMean(vectors: number[][]): number[] {
  return vectors[0].map((_, k) =>
    Math.fround(vectors.reduce((sum, vector) => Math.fround(sum + Math.fround(vector[k])), 0) / vectors.length),
  )
}

const randomVectors = (size: number, length = 50) =>
  Array.from({ length: size }, (_, i) => Array.from({ length }, (_, k) => Math.sin(1 + i * 97 + k * 3) * 10))

describe('mix', () => {
  test('a ring of four is the product with the mixing matrix, bit for bit and every time', async () => {
    for (let repeat = 0; repeat < 3; repeat++) {
      const { exchanges } = swarm(4)
      let vectors = randomVectors(4)
      const arrays = vectors.map((vector) => model(...vector))
      for (let round = 0; round < 5; round++) {
        await Promise.all(exchanges.map((exchange, i) => exchange.mix(arrays[i])))
        vectors = expectedMix(ring(4), vectors)
        expect(values(arrays)).toEqual(vectors)
      }
    }
  })

  test('all arrays of a round travel in one frame to those who need them', async () => {
    const { exchanges, net } = swarm(4)
    const arrays = randomVectors(4).map((vector): RoundArray[] => [
      ...model(...vector),
      { kind: 'tracker', values: Float32Array.from(vector, (x) => -x) },
    ])
    const tracker = arrays[0][1].values
    await Promise.all(exchanges.map((exchange, i) => exchange.mix(arrays[i])))
    expect(arrays[0][1].values).toBe(tracker)
    expect([...tracker]).toEqual([...arrays[0][0].values].map((x) => -x))
    expect(net.ledger('peer-0').peers()).toEqual(['peer-1', 'peer-3'])
    expect(net.ledger('peer-0').link('peer-1').sent).toEqual({ payload: 400, framing: 32 + 2 * 12 + CHUNK_HEADER_BYTES, control: 0 })
  })

  test('a directed graph: sends to those with weight on it, waits for those it has weight on, in any rank order', async () => {
    const { exchanges } = swarm(5, directedRing)
    const vectors = randomVectors(5)
    const arrays = vectors.map((vector) => model(...vector))
    await Promise.all(exchanges.map((exchange, i) => exchange.mix(arrays[i])))
    expect(values(arrays)).toEqual(expectedMix(directedRing(5), vectors))
  })

  test('the matrix may change with the round, which counts from 0', async () => {
    const matrix = (size: number, round: number) => (round % 2 === 0 ? directedRing(size) : ring(size))
    const { exchanges } = swarm(4, matrix)
    let vectors = randomVectors(4)
    const arrays = vectors.map((vector) => model(...vector))
    for (let round = 0; round < 4; round++) {
      await Promise.all(exchanges.map((exchange, i) => exchange.mix(arrays[i])))
      vectors = expectedMix(matrix(4, round), vectors)
    }
    expect(values(arrays)).toEqual(vectors)
  })

  test('a worker far ahead on a directed ring is not dropped', async () => {
    const { exchanges, net } = swarm(6, directedRing)
    const train = async (i: number) => {
      for (let round = 0; round < 8; round++) await exchanges[i].mix(model(i))
    }
    const early = [0, 1, 2, 3, 4].map(train)
    for (let i = 0; i < 20; i++) await flush()
    expect(net.ledger('peer-5').link('peer-4').received.payload).toBe(5 * 4)
    await Promise.all([...early, train(5)])
    expect(exchanges.map(({ dropped }) => dropped)).toEqual(exchanges.map(() => ({})))
  })

  test('a matrix of the wrong size is an error', async () => {
    const { exchanges } = swarm(3, () => ring(4))
    await expect(exchanges[0].mix(model(1))).rejects.toMatchObject({ kind: 'mixing-matrix' })
  })

  test('NaN and infinity pass through', async () => {
    const { exchanges } = swarm(2)
    const arrays = [model(Number.NaN, 1, 1), model(1, Number.POSITIVE_INFINITY, 3)]
    await Promise.all(exchanges.map((exchange, i) => exchange.mix(arrays[i])))
    expect(values(arrays)).toEqual([
      [Number.NaN, Number.POSITIVE_INFINITY, 2],
      [Number.NaN, Number.POSITIVE_INFINITY, 2],
    ])
  })
})

describe('average', () => {
  test('is the mean, the same bits on every member, each time', async () => {
    const vectors = randomVectors(5)
    const { exchanges } = swarm(5)
    const arrays = vectors.map((vector) => model(...vector))
    await Promise.all(exchanges.map((exchange, i) => exchange.average(arrays[i])))
    expect(values(arrays)).toEqual(vectors.map(() => expectedMean(vectors)))
  })

  test('values exchanged to evaluate are control', async () => {
    const { exchanges, net } = swarm(3)
    await Promise.all(exchanges.map((exchange) => exchange.average([{ kind: 'evaluation', values: new Float32Array(10) }])))
    const bytes = 2 * (32 + 12 + 40 + CHUNK_HEADER_BYTES)
    expect(exchanges[0].sentBytes()).toEqual({ payload: 0, framing: 0, control: bytes })
    expect(net.ledger('peer-0').sent()).toEqual({ payload: 0, framing: 0, control: bytes })
  })
})

test('a worker alone needs nobody', async () => {
  const { exchanges } = swarm(1)
  const arrays = model(1, 2)
  await exchanges[0].mix(arrays)
  await exchanges[0].average(arrays)
  expect(values([arrays])).toEqual([[1, 2]])
  expect(exchanges[0].sentBytes()).toEqual(zeroBytes())
})

test('the bytes are those of the links', async () => {
  const { exchanges, net } = swarm(4)
  const arrays = () => model(...new Array(100_000).fill(1))
  await Promise.all(exchanges.map((exchange) => exchange.mix(arrays())))
  await Promise.all(exchanges.map((exchange) => exchange.average(arrays())))
  const message = 32 + 12 + 400_000
  expect(exchanges[2].sentBytes()).toEqual({ payload: 5 * 400_000, framing: 5 * (44 + framingBytes(message)), control: 0 })
  for (const [i, exchange] of exchanges.entries()) expect(net.ledger(`peer-${i}`).sent()).toEqual(exchange.sentBytes())
  expect(net.ledger('peer-0').received()).toEqual(exchanges[0].sentBytes())
})

test('one call at a time, and none after close', async () => {
  const { exchanges } = swarm(2)
  const first = exchanges[0].mix(model(1))
  await expect(exchanges[0].mix(model(1))).rejects.toMatchObject({ kind: 'busy' })
  await expect(exchanges[0].settle(1)).rejects.toMatchObject({ kind: 'busy' })
  exchanges[0].close()
  await expect(first).rejects.toMatchObject({ kind: 'closed' })
  await expect(exchanges[0].mix(model(1))).rejects.toMatchObject({ kind: 'closed' })
  exchanges[0].changeView({ number: 2, members: ['peer-0'] })
  await expect(exchanges[0].settle(1)).rejects.toMatchObject({ kind: 'closed' })
})

test('only a member can exchange', () => {
  const { net, view } = swarm(2)
  const options = {
    run: RUN,
    self: 'stranger',
    view,
    transport: net.transport('stranger'),
    mixing: ring,
    viewChanged: (number: number) => new ViewChanged(number),
  }
  expect(() => new Exchange(options)).toThrow(expect.objectContaining({ kind: 'not-a-member' }))
})

describe('a change of view', () => {
  test('a member dies in the middle of a round: the others agree on the largest step and go on', async () => {
    const { exchanges, net, without } = swarm(4)
    const arrays = randomVectors(4).map((vector) => model(...vector))
    const before = values(arrays)
    // 0 and 2 hear from everybody they need; 1 and 3 need the one that dies
    const rounds = [0, 1, 3].map((i) => exchanges[i].mix(arrays[i]))
    net.disconnect('peer-2')
    await flush()
    expect(exchanges[0].waitingFor()).toEqual([])
    expect(exchanges[1].waitingFor()).toEqual(['peer-2'])
    const survivors = [0, 1, 3].map((i) => exchanges[i])
    for (const exchange of survivors) exchange.changeView(without(2, 2))
    const results = await Promise.allSettled(rounds)
    expect(results.map((result) => (result.status === 'rejected' ? result.reason : 'done'))).toEqual([
      'done',
      expect.any(ViewChanged),
      expect.any(ViewChanged),
    ])
    expect(values([arrays[1], arrays[3]])).toEqual([before[1], before[3]])
    expect(survivors.map(({ rank, size }) => [rank, size])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ])

    // the one whose round was through learns of the change at its next call
    await expect(exchanges[0].mix(arrays[0])).rejects.toBeInstanceOf(ViewChanged)
    expect(await Promise.all(survivors.map((exchange, i) => exchange.settle([8, 7, 7][i])))).toEqual([8, 8, 8])

    const now = values([arrays[0], arrays[1], arrays[3]])
    await Promise.all(survivors.map((exchange, i) => exchange.mix(arrays[[0, 1, 3][i]])))
    expect(values([arrays[0], arrays[1], arrays[3]])).toEqual(expectedMix(ring(3), now))
  })

  test('several changes before the next call are settled once, in the latest view', async () => {
    const { exchanges, without } = swarm(4)
    for (const i of [0, 1]) {
      exchanges[i].changeView(without(2, 3))
      exchanges[i].changeView(without(3, 2, 3))
    }
    await expect(exchanges[0].average(model(1))).rejects.toMatchObject({ kind: 'view-changed', view: 3 })
    expect(await Promise.all([exchanges[0].settle(5), exchanges[1].settle(9)])).toEqual([9, 9])
    await expect(exchanges[0].settle(5)).rejects.toMatchObject({ kind: 'nothing-to-settle' })
    const arrays = [model(2), model(4)]
    await Promise.all([exchanges[0].average(arrays[0]), exchanges[1].average(arrays[1])])
    expect(values(arrays)).toEqual([[3], [3]])
  })

  test('a change while settling: settle again', async () => {
    const { exchanges, without } = swarm(4)
    for (const exchange of exchanges.slice(0, 3)) exchange.changeView(without(2, 3))
    const first = [0, 1].map((i) => exchanges[i].settle(i))
    await flush()
    expect(exchanges[0].waitingFor()).toEqual(['peer-2'])
    for (const exchange of exchanges.slice(0, 2)) exchange.changeView(without(3, 2, 3))
    for (const settling of first) await expect(settling).rejects.toMatchObject({ kind: 'view-changed', view: 3 })
    expect(await Promise.all([exchanges[0].settle(10), exchanges[1].settle(11)])).toEqual([11, 11])
  })

  test('who learns of it last finds the frames of the others waiting', async () => {
    const { exchanges, without } = swarm(3)
    exchanges[1].changeView(without(2, 2))
    const settled = exchanges[1].settle(4)
    await flush()
    exchanges[0].changeView(without(2, 2))
    expect(await exchanges[0].settle(3)).toBe(4)
    expect(await settled).toBe(4)
    expect(exchanges[0].dropped).toEqual({})
  })

  test('frames of the view before are forgotten, and an older view is ignored', async () => {
    const { exchanges, without } = swarm(3)
    const early = exchanges[1].mix(model(1))
    await flush()
    for (const exchange of exchanges.slice(0, 2)) exchange.changeView(without(2, 2))
    exchanges[0].changeView(without(1))
    await expect(early).rejects.toBeInstanceOf(ViewChanged)
    expect(exchanges[0].dropped).toEqual({ 'old-view': 1 })
    expect(exchanges[0].size).toBe(2)
  })

  test('whoever is left alone settles and goes on alone', async () => {
    const { exchanges, without } = swarm(3)
    const pending = exchanges[2].average(model(6))
    exchanges[2].changeView(without(2, 0, 1))
    await expect(pending).rejects.toBeInstanceOf(ViewChanged)
    expect(await exchanges[2].settle(3)).toBe(3)
    const arrays = model(6)
    await exchanges[2].average(arrays)
    expect(values([arrays])).toEqual([[6]])
  })

  test('a worker that is not in the new view has ended', async () => {
    const { exchanges, without } = swarm(3)
    const pending = exchanges[0].mix(model(1))
    exchanges[0].changeView(without(2, 0))
    await expect(pending).rejects.toMatchObject({ kind: 'not-a-member' })
    await expect(exchanges[0].mix(model(1))).rejects.toMatchObject({ kind: 'not-a-member' })
    expect(exchanges[0].waitingFor()).toEqual([])
  })
})

describe('frames that do not belong', () => {
  test('are dropped and counted by reason', async () => {
    const { exchange, receive } = alone()
    await receive(1, new ArrayBuffer(50))
    const flipped = encodeFrame({ type: 'settle', run: runHash(RUN), view: 1, step: 1 })
    new Uint8Array(flipped)[17] ^= 1
    await receive(1, flipped)
    await receive(1, { run: 5 })
    await receive(1, { view: 0 })
    await receive('stranger', {})
    await receive(1, {})
    await receive(1, {})
    await receive(1, { type: 'settle', step: 1 })
    expect(exchange.dropped).toEqual({ corrupt: 2, 'other-run': 1, 'old-view': 1, 'not-a-member': 1, duplicate: 1, unexpected: 1 })
  })

  test('wrong operation, number, kind or length of arrays never touch the round, and the right frame still completes it', async () => {
    const { exchange, receive } = alone()
    const arrays = model(4, 5)
    await receive(1, { arrays: model(1, 2, 3) })
    const round = exchange.average(arrays)
    await receive(2, { operation: 'mix' })
    await receive(2, { arrays: [] })
    await receive(2, { arrays: [{ kind: 'momentum', values: new Float32Array(2) }] })
    await receive(2, { arrays: [...model(1, 2), ...model(1, 2)] })
    expect(exchange.waitingFor()).toEqual(['peer-1', 'peer-2'])
    expect(values([arrays])).toEqual([[4, 5]])
    await receive(2, { arrays: model(1, 1) })
    expect(exchange.waitingFor()).toEqual(['peer-1'])
    await receive(1, { arrays: model(1, 3) })
    await round
    expect(values([arrays])).toEqual([[2, 3]])
    expect(exchange.dropped).toEqual({ mismatch: 5 })
    await receive(1, { arrays: model(1, 3) })
    expect(exchange.dropped).toEqual({ mismatch: 5, 'old-round': 1 })
  })

  test('early frames wait for their round', async () => {
    const { exchange, receive } = alone()
    for (const round of [2, 1, 0]) for (const peer of [1, 2]) await receive(peer, { round, arrays: model(3 * round * peer) })
    for (const round of [0, 1, 2]) {
      const arrays = model(0)
      await exchange.average(arrays)
      expect(values([arrays])).toEqual([[3 * round]])
    }
    expect(exchange.dropped).toEqual({})
  })

  test('a frame from a peer without weight in the round is counted when the round is over', async () => {
    const { exchange, receive } = alone(directedRing)
    const round = exchange.mix(model(2))
    await receive(1, { operation: 'mix', arrays: model(8) })
    await receive(2, { operation: 'mix', arrays: model(4) })
    await round
    expect(exchange.dropped).toEqual({ unexpected: 1 })
  })

  test('no peer can fill the memory', async () => {
    const { exchange, receive } = alone()
    for (let round = 0; round < 30; round++) await receive(1, { round: 1_000 + round, view: 1 + (round % 3) })
    expect(exchange.dropped).toEqual({ overflow: 20 })
    const large = new Float32Array(12 * 2 ** 20)
    for (let round = 0; round < 4; round++) await receive(2, { round, arrays: [{ kind: 'model', values: large }] })
    expect(exchange.dropped).toEqual({ overflow: 22 })
    const round = exchange.average([{ kind: 'model', values: large.slice() }])
    expect(exchange.waitingFor()).toEqual(['peer-1'])
    exchange.close()
    await expect(round).rejects.toMatchObject({ kind: 'closed' })
  })

  test('frames of a newer view from peers outside it are dropped with the change', async () => {
    const { exchange, receive, without } = alone()
    await receive('stranger', { type: 'settle', view: 2, step: 100 })
    await receive(2, { type: 'settle', view: 2, step: 4 })
    exchange.changeView(without(2, 1))
    expect(await exchange.settle(1)).toBe(4)
    expect(exchange.dropped).toEqual({ 'not-a-member': 1 })
  })
})

/** Delivers in an order drawn from `pick`, a few microtasks apart, until every worker is done; a standstill is an error. */
function shuffledDeliveries(pick: (count: number) => number) {
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
function picker(seed: number): (count: number) => number {
  let state = seed | 1
  return (count) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * count)
  }
}

describe('any order of delivery', () => {
  test('gives the same bits: 1,000 interleavings', async () => {
    const rounds = ['mix', 'mix', 'average', 'mix', 'average', 'mix'] as const
    const matrix = (size: number, round: number) => (round % 2 === 0 ? ring(size) : directedRing(size))
    const start = randomVectors(4, 3)
    const expected = rounds.reduce<number[][]>(
      (vectors, operation, round) =>
        operation === 'mix' ? expectedMix(matrix(4, round), vectors) : vectors.map(() => expectedMean(vectors)),
      start,
    )
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }), async (seed) => {
        const { schedule, until } = shuffledDeliveries(picker(seed))
        const { exchanges } = swarm(4, matrix, { schedule })
        const arrays = start.map((vector) => model(...vector))
        const worker = async (exchange: Exchange, i: number) => {
          for (const operation of rounds) await exchange[operation](arrays[i])
        }
        await until(Promise.all(exchanges.map(worker)))
        expect(values(arrays)).toEqual(expected)
        expect(exchanges.map(({ dropped }) => dropped)).toEqual([{}, {}, {}, {}])
      }),
      { numRuns: 1_000 },
    )
  })

  test('a member lost at any moment, learned of by each at its own time: everyone settles once on the same step and finishes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }), fc.nat(3), fc.nat(5), async (seed, lost, lastStep) => {
        const pick = picker(seed)
        const { schedule, until } = shuffledDeliveries(pick)
        const { exchanges, net, without } = swarm(4, ring, { schedule })
        const steps = lastStep + 6
        const settledOn: number[][] = [[], [], [], []]
        const worker = async (exchange: Exchange, i: number) => {
          const arrays = model(i)
          for (let step = 0; step < (i === lost ? lastStep : steps); ) {
            try {
              await (step % 3 === 2 ? exchange.average(arrays) : exchange.mix(arrays))
              step++
            } catch (error) {
              if (!(error instanceof ViewChanged)) throw error
              step = await exchange.settle(step)
              settledOn[i].push(step)
            }
          }
          if (i === lost) net.disconnect(`peer-${i}`)
        }
        const uninformed = exchanges.filter((_, i) => i !== lost)
        let isLost = false
        const workers = exchanges.map(worker)
        workers[lost].then(() => (isLost = true))
        await until(Promise.all(workers), () => {
          if (isLost && uninformed.length > 0 && pick(3) === 0)
            uninformed.splice(pick(uninformed.length), 1)[0].changeView(without(2, lost))
        })
        const survivors = settledOn.filter((_, i) => i !== lost)
        expect(survivors.every((settled) => settled.length === 1 && settled[0] === survivors[0][0])).toBe(true)
        expect(settledOn[lost]).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})
