/*
 * Ascending positions as LEB128 varints: the first position, then each one's distance to the one before, less one; seven bits a byte,
 * the lowest first, the top bit set where another byte follows. Good where positions come in clusters with long gaps between.
 */

/** Bytes that a gap takes. */
export function varintLength(gap: number): number {
  return gap < 0x80 ? 1 : gap < 0x4000 ? 2 : gap < 0x20_0000 ? 3 : gap < 0x1000_0000 ? 4 : 5
}

/** Writes the gaps of strictly ascending positions into exactly as many bytes as they take. */
export function writeVarints(bytes: Uint8Array, positions: Uint32Array): void {
  let at = 0
  let next = 0
  for (const position of positions) {
    let gap = position - next
    for (; gap >= 0x80; gap >>>= 7) bytes[at++] = (gap & 0x7f) | 0x80
    bytes[at++] = gap
    next = position + 1
  }
}

/** The positions, or null when the bytes are not those of `count` ascending positions below `size`. */
export function readVarints(bytes: Uint8Array, count: number, size: number): Uint32Array | null {
  if (bytes.length < count) return null
  const positions = new Uint32Array(count)
  let at = 0
  let next = 0
  for (let k = 0; k < count; k++) {
    let gap = 0
    let unit = 1
    let byte: number
    do {
      if (at === bytes.length || unit > 2 ** 28) return null
      byte = bytes[at++]
      gap += (byte & 0x7f) * unit
      unit *= 0x80
    } while (byte & 0x80)
    // A last byte of zero only makes the varint longer: one way to write a number is enough.
    if (byte === 0 && unit > 0x80) return null
    next += gap
    if (next >= size) return null
    positions[k] = next++
  }
  return at === bytes.length ? positions : null
}
