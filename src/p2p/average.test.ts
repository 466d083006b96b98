import { describe, expect, test } from 'vitest'
import type { Message, RoundArray } from '../engine/index.ts'
import type { Aggregation } from './average.ts'
import { CHUNK_HEADER_BYTES } from './chunks.ts'
import { planMessage } from './codec.ts'
import { mean } from './combine.ts'
import { fromFloat16, toFloat16 } from './float16.ts'
import { zeroPayload } from './ledger.ts'
import { bitsOf, MESSAGE_KINDS, randomMessage, uniformFrom, valueBits } from './messages.fixture.ts'
import { flush, members, swarm } from './swarm.fixture.ts'

const SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9]
const AGGREGATIONS = ['all-gather', 'server', 'ring'] as const satisfies Aggregation[]
const LENGTH = 53

const randomValues = (length: number, uniform: () => number) => Float32Array.from({ length }, () => (uniform() - 0.5) * 10)

/** Two arrays of every worker, the second shorter than most swarms are large. */
function arraysOf(size: number): RoundArray[][] {
  const uniform = uniformFrom(size)
  return Array.from({ length: size }, () => [
    { kind: 'model', values: randomValues(LENGTH, uniform) },
    { kind: 'momentum', values: randomValues(4, uniform) },
  ])
}

const bitsOfArrays = (arrays: RoundArray[][]) => arrays.map((own) => own.map(({ values }) => valueBits(values)))

function expectedMeans(arrays: RoundArray[][]): Float32Array[] {
  return arrays[0].map((_, a) => {
    const sum = new Float32Array(arrays[0][a].values.length)
    for (const own of arrays) own[a].values.forEach((value, k) => (sum[k] += value))
    return sum.map((value) => value / arrays.length)
  })
}

async function averaged(size: number, aggregation: Aggregation, arrays: RoundArray[][], float16 = false) {
  const { exchanges, net } = swarm(size, { aggregation, float16 })
  await Promise.all(exchanges.map((exchange, i) => exchange.average(arrays[i])))
  expect(exchanges.map(({ dropped }) => dropped)).toEqual(exchanges.map(() => ({})))
  for (const [i, peer] of members(size).entries()) expect(net.ledger(peer).sent()).toEqual(exchanges[i].sentBytes())
  return { exchanges, net }
}

describe('dense arrays', () => {
  test.each(SIZES)(
    '%i workers: all-gather and server give the bits of the sum in rank order, ring the same up to rounding',
    async (size) => {
      const means = expectedMeans(arraysOf(size))
      for (const aggregation of ['all-gather', 'server'] as const) {
        const arrays = arraysOf(size)
        await averaged(size, aggregation, arrays)
        for (const own of bitsOfArrays(arrays)) expect(own).toEqual(means.map(valueBits))
      }
      const arrays = arraysOf(size)
      await averaged(size, 'ring', arrays)
      for (const own of bitsOfArrays(arrays)) expect(own).toEqual(bitsOfArrays(arrays)[0])
      arrays[0].forEach(({ values }, a) => values.forEach((value, k) => expect(value).toBeCloseTo(means[a][k], 5)))
    },
  )

  test.each(AGGREGATIONS)('%s with float16: the same bits everywhere, near the mean; all-gather and server agree', async (aggregation) => {
    const arrays = arraysOf(5)
    await averaged(5, aggregation, arrays, true)
    for (const own of bitsOfArrays(arrays)) expect(own).toEqual(bitsOfArrays(arrays)[0])
    const rounded = arraysOf(5).map((own) => own.map(({ kind, values }) => ({ kind, values: fromFloat16(toFloat16(values)) })))
    const means = expectedMeans(rounded)
    if (aggregation === 'ring')
      arrays[0].forEach(({ values }, a) => values.forEach((value, k) => expect(value).toBeCloseTo(means[a][k], 1)))
    else expect(bitsOfArrays(arrays)[0]).toEqual(means.map(valueBits))
  })

  test.each(AGGREGATIONS)('%s: the bytes are those of the formula', async (aggregation) => {
    const N = 4
    const D = 400
    const one = 4 * D
    const payloads: Record<Aggregation, number[]> = {
      'all-gather': [0, 1, 2, 3].map(() => (N - 1) * one),
      server: [(N - 1) * one, one, one, one],
      ring: [0, 1, 2, 3].map(() => (2 * one * (N - 1)) / N),
    }
    const frames: Record<Aggregation, number[]> = { 'all-gather': [3, 3, 3, 3], server: [3, 1, 1, 1], ring: [6, 6, 6, 6] }
    const arrays = Array.from({ length: N }, (): RoundArray[] => [{ kind: 'tracker', values: new Float32Array(D) }])
    const { exchanges } = await averaged(N, aggregation, arrays)
    const framing = frames[aggregation].map((count) => count * (32 + 16 + CHUNK_HEADER_BYTES))
    expect(exchanges.map((exchange) => exchange.sentBytes())).toEqual(
      payloads[aggregation].map((payload, i) => ({ payload, framing: framing[i], control: 0 })),
    )
    expect(exchanges.map((exchange) => exchange.sentBytesByKind())).toEqual(
      payloads[aggregation].map((payload) => ({ ...zeroPayload(), tracker: payload })),
    )
  })

  test('float16 halves what is sent, but not the answer of a server', async () => {
    const arrays = () => Array.from({ length: 4 }, (): RoundArray[] => [{ kind: 'model', values: new Float32Array(400) }])
    const payload = async (aggregation: Aggregation) =>
      (await averaged(4, aggregation, arrays(), true)).exchanges.map((exchange) => exchange.sentBytes().payload)
    expect(await payload('all-gather')).toEqual([2400, 2400, 2400, 2400])
    expect(await payload('server')).toEqual([4800, 800, 800, 800])
    expect(await payload('ring')).toEqual([1200, 1200, 1200, 1200])
  })

  test.each(AGGREGATIONS)('%s: what is exchanged to evaluate goes to everybody as float32', async (aggregation) => {
    const arrays = arraysOf(4).map((own): RoundArray[] => [{ kind: 'evaluation', values: own[0].values }])
    const means = expectedMeans(arrays)
    const { exchanges } = await averaged(4, aggregation, arrays, true)
    expect(bitsOfArrays(arrays)[2]).toEqual(means.map(valueBits))
    const control = 3 * (32 + 16 + 4 * LENGTH + CHUNK_HEADER_BYTES)
    for (const exchange of exchanges) expect(exchange.sentBytes()).toEqual({ payload: 0, framing: 0, control })
  })
})

describe('messages', () => {
  const messagesFor = (kind: Message['kind'], size: number): Message[] => {
    const uniform = uniformFrom(size)
    const start = Math.floor(uniform() * LENGTH)
    return Array.from({ length: size }, () => {
      const message = randomMessage(kind, LENGTH, 0.3, uniform)
      if (message.kind === 'block') message.start = start
      if ('values' in message) message.values = randomValues(message.values.length, uniform)
      return message
    })
  }

  test.each(MESSAGE_KINDS.flatMap((kind) => AGGREGATIONS.map((aggregation) => [kind, aggregation] as const)))(
    '%s by %s: the same for 1 to 9 workers',
    async (kind, aggregation) => {
      for (const size of SIZES) {
        const messages = messagesFor(kind, size)
        const expected = mean(messages, LENGTH)
        const { exchanges } = swarm(size, { aggregation })
        const means = await Promise.all(exchanges.map((exchange, i) => exchange.averageMessage('gradient', messages[i])))
        for (const got of means) expect(bitsOf(got)).toEqual(bitsOf(aggregation === 'ring' && kind === 'dense' ? means[0] : expected))
        if (means[0].kind === 'dense' && expected.kind === 'dense')
          means[0].values.forEach((value, k) => expect(value).toBeCloseTo(expected.values[k], 5))
        // Results are everybody's own: nobody may change another's.
        const buffers = means.flatMap((got) => Object.values(got).flatMap((part) => (ArrayBuffer.isView(part) ? [part.buffer] : [])))
        expect(new Set(buffers).size).toBe(buffers.length)
      }
    },
  )

  test('sparse ones by server: up as they are, down at the union; by all-gather to everybody', async () => {
    const messages = messagesFor('sparse', 4)
    const bytes = messages.map((message) => planMessage(message).bytes)
    const answer = planMessage(mean(messages, LENGTH)).bytes
    const payload = async (aggregation: Aggregation) => {
      const { exchanges } = swarm(4, { aggregation })
      await Promise.all(exchanges.map((exchange, i) => exchange.averageMessage('residual', messages[i])))
      return exchanges.map((exchange) => exchange.sentBytesByKind().residual)
    }
    expect(await payload('server')).toEqual([3 * answer, ...bytes.slice(1)])
    expect(await payload('all-gather')).toEqual(bytes.map((own) => 3 * own))
    expect(await payload('ring')).toEqual(bytes.map((own) => 3 * own))
  })

  test('are never rounded to float16', async () => {
    const { exchanges } = swarm(2, { float16: true })
    const message: Message = { kind: 'dense', size: 1, values: Float32Array.of(1 + 2 ** -20) }
    const [got] = await Promise.all(exchanges.map((exchange) => exchange.averageMessage('gradient', message)))
    expect(got).toEqual(message)
  })
})

describe('a member lost', () => {
  /** Delivers only the first so many messages; the others are under way when the member is lost. */
  function cutOff(aggregation: Aggregation, delivered: number) {
    let left = delivered
    const schedule = (deliver: () => void) => {
      if (left-- > 0) queueMicrotask(deliver)
    }
    return swarm(4, { aggregation, network: { schedule } })
  }

  // Server: 3 messages up, 3 down. Ring: 4 in each of 6 phases.
  test.each([
    ...[0, 1, 2, 3, 4, 5].map((delivered) => ['server', delivered] as const),
    ...Array.from({ length: 23 }, (_, delivered) => ['ring', delivered] as const),
    ...Array.from({ length: 11 }, (_, delivered) => ['all-gather', delivered] as const),
  ])(
    '%s, after %i messages: whoever did not finish has its arrays untouched, and the next view averages',
    async (aggregation, delivered) => {
      for (const lost of [0, 1, 3]) {
        const { exchanges, net, without } = cutOff(aggregation, delivered)
        const arrays = arraysOf(4)
        const before = bitsOfArrays(arrays)
        const rounds = Promise.allSettled(exchanges.map((exchange, i) => exchange.average(arrays[i])))
        for (let i = 0; i < 3; i++) await flush()
        net.disconnect(`peer-${lost}`)
        const survivors = [0, 1, 2, 3].filter((rank) => rank !== lost)
        for (const i of survivors) exchanges[i].changeView(without(2, lost))
        exchanges[lost].close()
        const results = await rounds
        expect(results.some(({ status }) => status === 'rejected')).toBe(true)
        results.forEach((result, i) => {
          if (result.status === 'fulfilled') return
          expect(bitsOfArrays(arrays)[i]).toEqual(before[i])
          expect(result.reason.kind).toBe(i === lost ? 'closed' : 'view-changed')
        })
      }
    },
  )

  test.each(AGGREGATIONS)('%s: the others settle and go on in the next view', async (aggregation) => {
    for (const lost of [0, 2]) {
      const { exchanges, net, without } = swarm(4, { aggregation })
      const arrays = arraysOf(4)
      const survivors = [0, 1, 2, 3].filter((rank) => rank !== lost)
      const rounds = Promise.allSettled(survivors.map((i) => exchanges[i].average(arrays[i])))
      await flush()
      net.disconnect(`peer-${lost}`)
      for (const i of survivors) exchanges[i].changeView(without(2, lost))
      expect((await rounds).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
      expect(await Promise.all(survivors.map((i) => exchanges[i].settle(i)))).toEqual(survivors.map(() => Math.max(...survivors)))
      const remaining = survivors.map((i) => arrays[i])
      const means = expectedMeans(remaining)
      await Promise.all(survivors.map((i) => exchanges[i].average(arrays[i])))
      for (const own of remaining) own.forEach(({ values }, a) => values.forEach((value, k) => expect(value).toBeCloseTo(means[a][k], 5)))
    }
  })
})
