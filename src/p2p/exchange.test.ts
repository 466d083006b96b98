import { describe, expect, test } from 'vitest'
import type { RoundArray } from '../engine/index.ts'
import { CHUNK_HEADER_BYTES, framingBytes } from './chunks.ts'
import { Exchange } from './exchange.ts'
import { zeroBytes } from './ledger.ts'
import {
  directedRingMatrix,
  expectedMean,
  expectedMix,
  flush,
  model,
  RUN,
  randomVectors,
  ringMatrix,
  swarm,
  ViewChanged,
  values,
} from './swarm.fixture.ts'

describe('mix', () => {
  test('a ring of four is the product with the mixing matrix, bit for bit and every time', async () => {
    for (let repeat = 0; repeat < 3; repeat++) {
      const { exchanges } = swarm(4)
      let vectors = randomVectors(4)
      const arrays = vectors.map((vector) => model(...vector))
      for (let round = 0; round < 5; round++) {
        await Promise.all(exchanges.map((exchange, i) => exchange.mix(arrays[i])))
        vectors = expectedMix(ringMatrix(4), vectors)
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
    expect(net.ledger('peer-0').link('peer-1').sent).toEqual({ payload: 400, framing: 32 + 2 * 16 + CHUNK_HEADER_BYTES, control: 0 })
  })

  test('a directed graph: sends to those with weight on it, waits for those it has weight on, in any rank order', async () => {
    const { exchanges } = swarm(5, { mixing: directedRingMatrix })
    const vectors = randomVectors(5)
    const arrays = vectors.map((vector) => model(...vector))
    await Promise.all(exchanges.map((exchange, i) => exchange.mix(arrays[i])))
    expect(values(arrays)).toEqual(expectedMix(directedRingMatrix(5), vectors))
  })

  test('the matrix may change with the round, which counts from 0', async () => {
    const matrix = (size: number, round: number) => (round % 2 === 0 ? directedRingMatrix(size) : ringMatrix(size))
    const { exchanges } = swarm(4, { mixing: matrix })
    let vectors = randomVectors(4)
    const arrays = vectors.map((vector) => model(...vector))
    for (let round = 0; round < 4; round++) {
      await Promise.all(exchanges.map((exchange, i) => exchange.mix(arrays[i])))
      vectors = expectedMix(matrix(4, round), vectors)
    }
    expect(values(arrays)).toEqual(vectors)
  })

  test('a worker far ahead on a directed ring is not dropped', async () => {
    const { exchanges, net } = swarm(6, { mixing: directedRingMatrix })
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
    const { exchanges } = swarm(3, { mixing: () => ringMatrix(4) })
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
    const bytes = 2 * (32 + 16 + 40 + CHUNK_HEADER_BYTES)
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
  const message = 32 + 16 + 400_000
  expect(exchanges[2].sentBytes()).toEqual({ payload: 5 * 400_000, framing: 5 * (48 + framingBytes(message)), control: 0 })
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
    mixing: ringMatrix,
    viewChanged: (number: number) => new ViewChanged(number),
  }
  expect(() => new Exchange(options)).toThrow(expect.objectContaining({ kind: 'not-a-member' }))
})
