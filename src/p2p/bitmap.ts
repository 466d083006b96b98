/*
 * Positions as one bit for each element of the vector: bit i & 7 of byte i >> 3 is set where i is named. Good from about a third of all
 * elements on.
 */

export function bitmapLength(size: number): number {
  return Math.ceil(size / 8)
}

export function writeBitmap(bytes: Uint8Array, positions: Uint32Array): void {
  for (const position of positions) bytes[position >>> 3] |= 1 << (position & 7)
}

/** The positions, or null when the map is not one of `size` bits with `count` of them set. */
export function readBitmap(bytes: Uint8Array, count: number, size: number): Uint32Array | null {
  if (bytes.length !== bitmapLength(size)) return null
  const positions = new Uint32Array(count)
  let found = 0
  for (let at = 0; at < bytes.length; at++) {
    for (let bits = bytes[at]; bits !== 0; bits &= bits - 1) {
      if (found === count) return null
      positions[found++] = 8 * at + 31 - Math.clz32(bits & -bits)
    }
  }
  return found === count && (count === 0 || positions[count - 1] < size) ? positions : null
}
