import type { VectorKind } from '../engine/index.ts'

/*
 * One message of a round, all integers little-endian, every section beginning at a multiple of four bytes:
 *
 *      0  u32  magic "TSWF"                    16  u32  round; the step in a settle frame
 *      4  u8   version                         20  u16  number of arrays
 *      5  u8   type: 1 round, 2 settle         22  u16  phase: which of a round's exchanges, from 0
 *      6  u8   operation, 0 in a settle frame  24  u32  length of the whole frame in bytes
 *      7  u8   zero                            28  u32  CRC-32 of all other bytes
 *      8  u32  hash of the run's id            32       one entry per array:
 *     12  u32  view number                                u8 kind, u8 codec, u8 Rice shift, u8 zero,
 *                                                         u32 elements of the whole vector,
 *                                                         u32 sparse: number of values, block: start, else zero,
 *                                                         u32 bytes, without the zeros up to a multiple of four
 *                                                       then the arrays' bytes, each filled up with zeros
 *
 * An array's bytes, by codec (see codec.ts):
 *
 *     0 float32   the values                    5 block     values from the start on, going round
 *     1 float16   the values                    6 byte      f32 scale, then one i8 code for each element
 *     2 bitmap  \                               7 sign      f32 scale, then one bit for each element
 *     3 varint   > sparse: float32 values,
 *     4 rice    /  then their positions
 *
 * Values are IEEE float32 in the order of the host's memory, which is little-endian wherever browsers run; so received
 * values are a view of their message and none is ever converted (but float16): NaN payloads arrive bit for bit.
 */

/** No message, chunked or whole, may be longer. */
export const MAX_MESSAGE_BYTES = 64 * 2 ** 20
/** No vector may have more elements, whatever little of it a message names. */
export const MAX_ELEMENTS = 2 ** 28

export const MAGIC = 0x46575354
export const VERSION = 2
export const HEADER_BYTES = 32
export const ENTRY_BYTES = 16
export const CHECKSUM_OFFSET = 28
export const TYPE_CODES = { round: 1, settle: 2 } as const
export const OPERATION_CODES = { mix: 1, average: 2, mixMessage: 3, averageMessage: 4, trade: 5 } as const
export const KIND_CODES = {
  model: 1,
  momentum: 2,
  tracker: 3,
  gradient: 4,
  residual: 5,
  evaluation: 6,
  state: 7,
} as const satisfies Record<VectorKind, number>
export const CODEC_CODES = { float32: 0, float16: 1, bitmap: 2, varint: 3, rice: 4, block: 5, byte: 6, sign: 7 } as const

export type RoundOperation = keyof typeof OPERATION_CODES
export type Codec = keyof typeof CODEC_CODES

/** The name of a code, or undefined. */
export function nameLookup<N extends string>(codes: Readonly<Record<N, number>>): (code: number) => N | undefined {
  const names = new Map(Object.entries<number>(codes).map(([name, code]) => [code, name as N]))
  return (code) => names.get(code)
}

/** Up to the next multiple of four. */
export function padded(bytes: number): number {
  return Math.ceil(bytes / 4) * 4
}
