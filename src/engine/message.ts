/**
 * A vector as it is sent: whole, or what a compressor kept of it. Everything that is not named is zero. `size` is the length of the
 * whole vector.
 */
export type Message =
  /** all values */
  | { kind: 'dense'; size: number; values: Float32Array }
  /** values at strictly ascending positions */
  | { kind: 'sparse'; size: number; indices: Uint32Array; values: Float32Array }
  /** neighboring values from `start` on, going round at the end; every worker knows the start, so no positions are sent */
  | { kind: 'block'; size: number; start: number; values: Float32Array }
  /** scale * code / 127, codes from -127 to 127 */
  | { kind: 'byte'; size: number; scale: number; codes: Int8Array }
  /** scale where the bit is set, -scale elsewhere; bit i of byte i >> 3 is 1 << (i & 7), unused bits are zero */
  | { kind: 'sign'; size: number; scale: number; bits: Uint8Array }

export type MessageKind = Message['kind']

/** Calls back for every value that the message names, in ascending order of position except for a block, which goes round. */
export function eachValue(message: Message, callback: (index: number, value: number) => void): void {
  switch (message.kind) {
    case 'dense':
      for (let i = 0; i < message.size; i++) callback(i, message.values[i])
      break
    case 'sparse':
      for (let k = 0; k < message.indices.length; k++) callback(message.indices[k], message.values[k])
      break
    case 'block':
      for (let k = 0; k < message.values.length; k++) callback((message.start + k) % message.size, message.values[k])
      break
    case 'byte':
      for (let i = 0; i < message.size; i++) callback(i, Math.fround((message.scale * message.codes[i]) / 127))
      break
    case 'sign':
      for (let i = 0; i < message.size; i++) callback(i, message.bits[i >> 3] & (1 << (i & 7)) ? message.scale : -message.scale)
      break
    default:
      message satisfies never
  }
}

/** The whole vector that the message stands for. */
export function decode(message: Message): Float32Array {
  const values = new Float32Array(message.size)
  eachValue(message, (index, value) => {
    values[index] = value
  })
  return values
}

/**
 * How many float values the message costs in the GMC paper's count: an index-value pair is two, a block sends values only. The quantized
 * kinds, which the paper does not have, count their bits: 8 or 1 of the 32 of a float, and their scale.
 */
export function scalarCount(message: Message): number {
  switch (message.kind) {
    case 'dense':
      return message.size
    case 'sparse':
      return 2 * message.indices.length
    case 'block':
      return message.values.length
    case 'byte':
      return message.size / 4 + 1
    case 'sign':
      return message.size / 32 + 1
    default:
      message satisfies never
      throw new Error('unreachable')
  }
}
