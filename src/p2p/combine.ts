import type { Message } from '../engine/index.ts'

/*
 * The arithmetic of a round. Every worker, in a tab or simulated, must get the same bits, so the order of the sums and
 * the place of each rounding are fixed here. For every element k on its own:
 *
 *     acc = 0                                      a float32
 *     for each message j in the order given (rank order) that names k:
 *         acc = float32(acc + w_j * m_j[k])        product and sum in float64, one rounding
 *     result = float32(acc / divisor)
 *
 * A message that does not name k stands for zero there; adding that zero would change no bit, since acc is never -0. So
 * it makes no difference to the values whether the result is kept sparse or not, nor who computes it. A quantized
 * message's element is float32(scale * code / 127), or scale or -scale, with the scale rounded to float32.
 *
 * A mean has weights of one and the number of workers as its divisor; a mix has a row of W and divisor one. Ring
 * all-reduce is the one exception (ring.ts): its order of summation differs from chunk to chunk.
 */

/**
 * sum_j weights[j] messages[j] / divisor, in rank order: sparse at the union of the positions where all are sparse, a block where all are
 * the same block, else dense. All messages stand for vectors of `size`; the result shares no memory with them.
 */
export function combine(messages: readonly Message[], size: number, weights: readonly number[], divisor = 1): Message {
  const [first] = messages
  const sparse = messages.filter((message) => message.kind === 'sparse')
  if (first && sparse.length === messages.length) return combineSparse(sparse, size, weights, divisor)
  const blocks = messages.filter((message) => message.kind === 'block')
  const isSameBlock =
    first?.kind === 'block' &&
    blocks.length === messages.length &&
    blocks.every(({ start, values }) => start === first.start && values.length === first.values.length)
  const acc = new Float32Array(isSameBlock ? first.values.length : size)
  if (isSameBlock) blocks.forEach(({ values }, j) => addValues(acc, values, weights[j]))
  else messages.forEach((message, j) => addMessage(acc, message, weights[j]))
  divide(acc, divisor)
  return isSameBlock ? { kind: 'block', size, start: first.start, values: acc } : { kind: 'dense', size, values: acc }
}

/** The mean of all messages, as combine gives it. */
export function mean(messages: readonly Message[], size: number): Message {
  return combine(
    messages,
    size,
    messages.map(() => 1),
    messages.length,
  )
}

/** acc[k] = float32(acc[k] + weight * m[k]) for every k that the message names. */
function addMessage(acc: Float32Array, message: Message, weight: number): void {
  switch (message.kind) {
    case 'dense':
      addValues(acc, message.values, weight)
      break
    case 'sparse': {
      const { indices, values } = message
      for (let k = 0; k < indices.length; k++) acc[indices[k]] += weight * values[k]
      break
    }
    case 'block': {
      const { start, size, values } = message
      for (let k = 0, at = start; k < values.length; k++, at = at + 1 === size ? 0 : at + 1) acc[at] += weight * values[k]
      break
    }
    case 'byte': {
      const { codes } = message
      const scale = Math.fround(message.scale)
      for (let k = 0; k < codes.length; k++) acc[k] += weight * Math.fround((scale * codes[k]) / 127)
      break
    }
    case 'sign': {
      const { bits, size } = message
      const scale = Math.fround(message.scale)
      for (let k = 0; k < size; k++) acc[k] += weight * (bits[k >> 3] & (1 << (k & 7)) ? scale : -scale)
      break
    }
    default:
      message satisfies never
  }
}

function addValues(acc: Float32Array, values: Float32Array, weight: number): void {
  for (let k = 0; k < acc.length; k++) acc[k] += weight * values[k]
}

function divide(acc: Float32Array, divisor: number): void {
  if (divisor !== 1) for (let k = 0; k < acc.length; k++) acc[k] /= divisor
}

type Sparse = Extract<Message, { kind: 'sparse' }>

function combineSparse(messages: readonly Sparse[], size: number, weights: readonly number[], divisor: number): Sparse {
  const acc = new Float32Array(size)
  const named = new Uint32Array(Math.ceil(size / 32))
  let most = 0
  messages.forEach((message, j) => {
    addMessage(acc, message, weights[j])
    for (const index of message.indices) named[index >>> 5] |= 1 << (index & 31)
    most += message.indices.length
  })
  const union = new Uint32Array(Math.min(most, size))
  let found = 0
  for (let word = 0; word < named.length; word++)
    for (let bits = named[word]; bits !== 0; bits &= bits - 1) union[found++] = 32 * word + 31 - Math.clz32(bits & -bits)
  const indices = union.slice(0, found)
  const values = Float32Array.from({ length: found }, (_, k) => acc[indices[k]])
  divide(values, divisor)
  return { kind: 'sparse', size, indices, values }
}
