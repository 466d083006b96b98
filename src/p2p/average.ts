import type { Message } from '../engine/index.ts'
import { asReceived } from './codec.ts'
import { mean } from './combine.ts'
import type { FrameArray } from './frame.ts'
import { messageFrom } from './mix.ts'
import { ringAverage } from './ring.ts'
import { type ExpectedArray, expectLike, othersIn, type Round, toEach } from './round.ts'

/**
 * How a mean over all workers comes about.
 *  - `all-gather`: everybody sends to everybody, and each computes the mean.
 *  - `server`: everybody sends to rank 0, which computes the mean and sends it to everybody: sparse where all messages were sparse, values
 *    as float32. The same bits as all-gather.
 *  - `ring`: ring all-reduce, for dense arrays; messages that are not dense go by all-gather. Equal up to rounding, and the same bits on
 *    all workers. All must average the same sort of message in a round.
 * What is exchanged only to evaluate always goes by all-gather.
 */
export type Aggregation = 'all-gather' | 'server' | 'ring'

/** The mean of each array over all workers. The results share no memory with what was sent or received. */
export async function averageArrays(
  round: Round,
  arrays: FrameArray[],
  aggregation: Aggregation,
  form?: ExpectedArray['form'],
): Promise<Message[]> {
  const way = arrays.some(({ kind }) => kind === 'evaluation') ? 'all-gather' : aggregation
  switch (way) {
    case 'all-gather':
      return allGatherAverage(round, arrays, form)
    case 'server':
      return serverAverage(round, arrays, form)
    case 'ring': {
      if (arrays.some(({ message }) => message.kind !== 'dense')) return allGatherAverage(round, arrays, form)
      const means = await ringAverage(round, arrays)
      return means.map((values) => ({ kind: 'dense', size: values.length, values }))
    }
    default:
      way satisfies never
      throw new Error('unreachable')
  }
}

async function allGatherAverage(round: Round, arrays: FrameArray[], form?: ExpectedArray['form']): Promise<Message[]> {
  const others = othersIn(round)
  const arrived = await round.exchange({ send: toEach(others, arrays), from: others, expect: expectLike(arrays, form) })
  return meansOf(round, arrays, arrived)
}

async function serverAverage(round: Round, arrays: FrameArray[], form?: ExpectedArray['form']): Promise<Message[]> {
  const others = othersIn(round)
  if (round.rank === 0) {
    const arrived = await round.exchange({ send: new Map(), from: others, expect: expectLike(arrays, form) })
    const means = meansOf(round, arrays, arrived)
    const answer = arrays.map(({ kind }, a) => ({ kind, message: means[a] }))
    await round.exchange({ send: toEach(others, answer), from: [], expect: [] })
    return means
  }
  await round.exchange({ send: toEach([0], arrays), from: [], expect: [] })
  const arrived = await round.exchange({ send: new Map(), from: [0], expect: expectLike(arrays, form ?? 'float32') })
  return arrays.map((_, a) => copyOf(messageFrom(arrived, 0, a)))
}

/** Of all workers' arrays, in rank order, this worker's as the others read them. */
function meansOf({ rank, size }: Round, own: readonly FrameArray[], arrived: ReadonlyMap<number, FrameArray[]>): Message[] {
  return own.map(({ message, float16 }, a) => {
    const messages = Array.from({ length: size }, (_, j) => (j === rank ? asReceived(message, float16) : messageFrom(arrived, j, a)))
    return mean(messages, message.size)
  })
}

/** What rank 0 answers is dense, sparse or a block; a received one may be read by other workers of this process too. */
function copyOf(message: Message): Message {
  switch (message.kind) {
    case 'sparse':
      return { ...message, indices: message.indices.slice(), values: message.values.slice() }
    case 'dense':
    case 'block':
      return { ...message, values: message.values.slice() }
    case 'byte':
      return { ...message, codes: message.codes.slice() }
    case 'sign':
      return { ...message, bits: message.bits.slice() }
    default:
      message satisfies never
      return message
  }
}
