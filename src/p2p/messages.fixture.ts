import fc from 'fast-check'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Message, MessageKind } from '../engine/index.ts'

/** A small generator of its own for each case, so that thousands of choices shrink as one number. */
export function uniformFrom(seed: number): () => number {
  const generator = xoroshiro128plus(seed | 0)
  return () => uniformFloat64(generator)
}

/** Any 32 bits as float32 values: NaN payloads, infinities, subnormals. */
export function anyBits(length: number, uniform: () => number): Float32Array {
  return new Float32Array(Uint32Array.from({ length }, () => uniform() * 2 ** 32).buffer)
}

/** k of size positions, each choice equally likely. */
export function randomPositions(k: number, size: number, uniform: () => number): Uint32Array {
  const positions = new Uint32Array(k)
  let found = 0
  for (let i = 0; i < size && found < k; i++) if (uniform() * (size - i) < k - found) positions[found++] = i
  return positions
}

export function randomMessage(kind: MessageKind, size: number, density: number, uniform: () => number): Message {
  const k = Math.round(density * size)
  switch (kind) {
    case 'dense':
      return { kind, size, values: anyBits(size, uniform) }
    case 'sparse':
      return { kind, size, indices: randomPositions(k, size, uniform), values: anyBits(k, uniform) }
    case 'block':
      return { kind, size, start: Math.floor(uniform() * size), values: anyBits(k, uniform) }
    case 'byte':
      return { kind, size, scale: Math.fround(uniform()), codes: Int8Array.from({ length: size }, () => Math.floor(uniform() * 255) - 127) }
    case 'sign': {
      const bits = Uint8Array.from({ length: Math.ceil(size / 8) }, () => uniform() * 256)
      if (size % 8 !== 0) bits[bits.length - 1] &= (1 << (size % 8)) - 1
      return { kind, size, scale: Math.fround(uniform()), bits }
    }
    default:
      kind satisfies never
      throw new Error('unreachable')
  }
}

/** Messages of one kind, of all densities: none, one, some, nearly all, all. */
export function messagesOf(kind: MessageKind, maxSize: number): fc.Arbitrary<Message> {
  const density = fc.oneof(fc.constantFrom(0, 0.001, 0.01, 0.05, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }))
  return fc
    .tuple(fc.integer(), fc.integer({ min: 1, max: maxSize }), density)
    .map(([seed, size, density]) => randomMessage(kind, size, density, uniformFrom(seed)))
}

export const MESSAGE_KINDS = ['dense', 'sparse', 'block', 'byte', 'sign'] as const satisfies MessageKind[]

export function anyMessage(maxSize: number): fc.Arbitrary<Message> {
  return fc.oneof(...MESSAGE_KINDS.map((kind) => messagesOf(kind, maxSize)))
}

/** A message as plain data with its values bit for bit, since NaN payloads compare equal otherwise. */
export function bitsOf(message: Message): unknown {
  if (!('values' in message)) return message
  return { ...message, values: new Uint32Array(message.values.slice().buffer) }
}

export function valueBits(values: Float32Array): number[] {
  return [...new Uint32Array(values.slice().buffer)]
}

export function dense(...values: number[]): Message {
  return { kind: 'dense', size: values.length, values: Float32Array.from(values) }
}
