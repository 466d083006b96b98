import { describe, expect, test } from 'vitest'
import type { Message, RoundArray } from '../engine/index.ts'
import { CHUNK_HEADER_BYTES } from './chunks.ts'
import { combine } from './combine.ts'
import { fromFloat16, toFloat16 } from './float16.ts'
import { bitsOf, dense, MESSAGE_KINDS, randomMessage, uniformFrom } from './messages.fixture.ts'
import { directedRingMatrix, flush, ringMatrix, swarm } from './swarm.fixture.ts'

const model = (...values: number[]): RoundArray[] => [{ kind: 'model', values: Float32Array.from(values) }]

describe('mixMessage', () => {
  test.each(MESSAGE_KINDS)('%s: the row of W over the messages of those that have weight, in rank order', async (kind) => {
    for (const matrix of [ringMatrix, directedRingMatrix]) {
      const uniform = uniformFrom(3)
      const { exchanges } = swarm(5, { mixing: matrix })
      const messages = exchanges.map(() => randomMessage(kind, 40, 0.2, uniform))
      for (const message of messages) if (message.kind === 'block') message.start = 30
      const mixed = await Promise.all(exchanges.map((exchange, i) => exchange.mixMessage('model', messages[i])))
      mixed.forEach((got, i) => {
        const row = matrix(5)[i]
        const ranks = [0, 1, 2, 3, 4].filter((j) => row[j] !== 0)
        const expected = combine(
          ranks.map((j) => messages[j]),
          40,
          ranks.map((j) => row[j]),
        )
        expect(bitsOf(got)).toEqual(bitsOf(expected))
        expect(got.kind).toBe(kind === 'sparse' || kind === 'block' ? kind : 'dense')
      })
    }
  })

  test('a message of another sort is taken, one for another vector is not', async () => {
    const { exchanges } = swarm(2)
    const sparse: Message = { kind: 'sparse', size: 3, indices: Uint32Array.of(1), values: Float32Array.of(4) }
    const mixed = await Promise.all([exchanges[0].mixMessage('model', sparse), exchanges[1].mixMessage('model', dense(2, 2, 2))])
    expect(mixed).toEqual([dense(1, 3, 1), dense(1, 3, 1)])
    const waiting = exchanges[0].mixMessage('model', { ...sparse, size: 4 })
    const other = exchanges[1].mixMessage('model', dense(1, 2, 3))
    await flush()
    expect(exchanges.map(({ dropped }) => dropped)).toEqual([{ mismatch: 1 }, { mismatch: 1 }])
    for (const exchange of exchanges) exchange.close()
    await expect(waiting).rejects.toMatchObject({ kind: 'closed' })
    await expect(other).rejects.toMatchObject({ kind: 'closed' })
  })

  test('a scale of more than float32 counts as the others read it', async () => {
    const { exchanges } = swarm(2)
    const message: Message = { kind: 'sign', size: 1, scale: 0.1, bits: Uint8Array.of(1) }
    const [a, b] = await Promise.all(exchanges.map((exchange) => exchange.mixMessage('model', message)))
    expect(a).toEqual(b)
    expect(a).toEqual(dense(Math.fround(0.1)))
  })
})

describe('mix with float16', () => {
  const rounded = (values: Float32Array): Float32Array => fromFloat16(toFloat16(values))

  test('is of rounded values, the own ones too; each keeps what rounding took from its own; half the bytes', async () => {
    const { exchanges } = swarm(4, { float16: true })
    const uniform = uniformFrom(1)
    const arrays = exchanges.map((): RoundArray[] => [{ kind: 'model', values: Float32Array.from({ length: 20 }, uniform) }])
    const before = arrays.map(([{ values }]) => values.slice())
    await Promise.all(exchanges.map((exchange, i) => exchange.mix(arrays[i])))
    arrays.forEach(([{ values }], i) => {
      const ranks = [0, 1, 2, 3].filter((j) => ringMatrix(4)[i][j] !== 0)
      const mixed = combine(
        ranks.map((j): Message => ({ kind: 'dense', size: 20, values: rounded(before[j]) })),
        20,
        ranks.map(() => 1 / 3),
      )
      if (mixed.kind !== 'dense') throw new Error(mixed.kind)
      const own = rounded(before[i])
      expect(values).toEqual(mixed.values.map((sum, k) => sum + Math.fround(before[i][k] - own[k])))
    })
    expect(exchanges[0].sentBytes()).toEqual({ payload: 2 * 40, framing: 2 * (32 + 16 + CHUNK_HEADER_BYTES), control: 0 })
  })

  test('steps too small for float16 are not lost, however many: the mean is kept', async () => {
    const { exchanges } = swarm(4, { float16: true })
    const arrays = exchanges.map((_, i) => model(1 + i))
    const [step, rounds] = [1e-5, 200]
    // Float16 has nothing between 2 and 2.00195.
    expect([...rounded(Float32Array.of(2 + step))]).toEqual([2])
    for (let round = 0; round < rounds; round++) {
      for (const [{ values }] of arrays) values[0] += step
      await Promise.all(exchanges.map((exchange, i) => exchange.mix(arrays[i])))
    }
    const mean = arrays.reduce((sum, [{ values }]) => sum + values[0] / 4, 0)
    expect(mean).toBeCloseTo(2.5 + rounds * step, 4)
  })
})

describe('tradeWithNeighbors', () => {
  const meantFor = (i: number, j: number) => [...model(i, j), { kind: 'tracker' as const, values: Float32Array.of(10 * i + j) }]

  test('each neighbor gets its own, and the answer is by rank', async () => {
    const { exchanges } = swarm(5)
    expect(exchanges.map((exchange) => exchange.neighbors())).toEqual([
      [1, 4],
      [0, 2],
      [1, 3],
      [2, 4],
      [0, 3],
    ])
    const traded = await Promise.all(
      exchanges.map((exchange, i) => exchange.tradeWithNeighbors(new Map(exchange.neighbors().map((j) => [j, meantFor(i, j)])))),
    )
    traded.forEach((got, i) => {
      expect([...got.keys()]).toEqual(exchanges[i].neighbors())
      for (const [j, arrays] of got) expect(arrays).toEqual(meantFor(j, i))
    })
    expect(exchanges[0].sentBytesByKind()).toMatchObject({ model: 2 * 8, tracker: 2 * 4 })
  })

  test('on a directed graph one speaks to others than one hears', async () => {
    const { exchanges } = swarm(4, { mixing: directedRingMatrix })
    expect(exchanges.map((exchange) => exchange.neighbors())).toEqual([[1], [2], [3], [0]])
    const traded = await Promise.all(
      exchanges.map((exchange, i) => exchange.tradeWithNeighbors(new Map(exchange.neighbors().map((j) => [j, model(i, j)])))),
    )
    expect(traded.map((got) => [...got])).toEqual([[[3, model(3, 0)]], [[0, model(0, 1)]], [[1, model(1, 2)]], [[2, model(2, 3)]]])
  })

  test('the neighbors are those of the round', async () => {
    const { exchanges } = swarm(4, { mixing: (size, round) => (round === 0 ? ringMatrix(size) : directedRingMatrix(size)) })
    expect(exchanges[0].neighbors()).toEqual([1, 3])
    await Promise.all(exchanges.map((exchange) => exchange.mix(model(1))))
    expect(exchanges[0].neighbors()).toEqual([1])
  })

  test('arrays for others than the neighbors are an error, and the exchange can still be used', async () => {
    const { exchanges } = swarm(4)
    await expect(exchanges[0].tradeWithNeighbors(new Map([[1, model(1)]]))).rejects.toMatchObject({ kind: 'neighbors' })
    await expect(exchanges[0].tradeWithNeighbors(new Map([1, 2, 3].map((j) => [j, model(1)])))).rejects.toMatchObject({ kind: 'neighbors' })
    const arrays = exchanges.map((_, i) => model(i))
    await Promise.all(exchanges.map((exchange, i) => exchange.average(arrays[i])))
    expect(arrays[0]).toEqual(model(1.5))
  })

  test('a change of view rejects it', async () => {
    const { exchanges, without } = swarm(3)
    const trading = exchanges[0].tradeWithNeighbors(new Map([1, 2].map((j) => [j, model(1)])))
    await flush()
    exchanges[0].changeView(without(2, 2))
    await expect(trading).rejects.toMatchObject({ kind: 'view-changed', view: 2 })
    expect(exchanges[0].neighbors()).toEqual([1])
  })

  test('a worker alone has nobody to trade with', async () => {
    const { exchanges } = swarm(1)
    expect(await exchanges[0].tradeWithNeighbors(new Map())).toEqual(new Map())
  })
})
