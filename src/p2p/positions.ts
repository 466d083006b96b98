import { bitmapLength, readBitmap, writeBitmap } from './bitmap.ts'
import { planRice, readRice, writeRice } from './rice.ts'
import { readVarints, varintLength, writeVarints } from './varint.ts'

/** How the positions of a sparse message are written. `shift` is Rice's parameter, else zero. */
export interface PositionCoding {
  name: 'bitmap' | 'varint' | 'rice'
  shift: number
  bytes: number
}

/** The shortest way to write strictly ascending positions below `size`; null when they are not that. */
export function planPositions(positions: Uint32Array, size: number): PositionCoding | null {
  let varintBytes = 0
  let next = 0
  for (let k = 0; k < positions.length; k++) {
    if (positions[k] < next) return null
    varintBytes += varintLength(positions[k] - next)
    next = positions[k] + 1
  }
  if (next > size) return null
  const bitmap: PositionCoding = { name: 'bitmap', shift: 0, bytes: bitmapLength(size) }
  const varint: PositionCoding = { name: 'varint', shift: 0, bytes: varintBytes }
  const rice: PositionCoding = { name: 'rice', ...planRice(positions) }
  return [bitmap, varint, rice].reduce((best, other) => (other.bytes < best.bytes ? other : best))
}

/** Writes into `bytes`, zeroed and as long as planned. */
export function writePositions(coding: PositionCoding, bytes: Uint8Array, positions: Uint32Array): void {
  switch (coding.name) {
    case 'bitmap':
      return writeBitmap(bytes, positions)
    case 'varint':
      return writeVarints(bytes, positions)
    case 'rice':
      return writeRice(bytes, positions, coding.shift)
    default:
      coding.name satisfies never
  }
}

/** `count` strictly ascending positions below `size`, or null when the bytes are not exactly that. */
export function readPositions(
  name: PositionCoding['name'],
  shift: number,
  bytes: Uint8Array,
  count: number,
  size: number,
): Uint32Array | null {
  if (name !== 'rice' && shift !== 0) return null
  switch (name) {
    case 'bitmap':
      return readBitmap(bytes, count, size)
    case 'varint':
      return readVarints(bytes, count, size)
    case 'rice':
      return readRice(bytes, count, size, shift)
    default:
      name satisfies never
      return null
  }
}
