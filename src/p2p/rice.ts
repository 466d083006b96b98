/*
 * Ascending positions as Golomb-Rice coded gaps (each position's distance to the one before, less one): the gap's upper part in unary, as
 * many ones as it says and a zero, then its `shift` lower bits; the lowest bits of a byte first. Positions picked at random have gaps of
 * geometric distribution, for which this is within a few hundredths of a bit of the shortest possible.
 */

/** A gap has fewer bits than this. */
const MAX_SHIFT = 31

export interface RicePlan {
  shift: number
  bytes: number
}

/** The shift that gives the fewest bytes, sought around the one that fits the mean gap. */
export function planRice(positions: Uint32Array): RicePlan {
  const count = positions.length
  if (count === 0) return { shift: 0, bytes: 0 }
  const meanGap = (positions[count - 1] + 1 - count) / count
  const middle = Math.max(0, Math.floor(Math.log2(Math.max(1, meanGap))))
  let best: RicePlan | null = null
  for (let shift = Math.max(0, middle - 2); shift <= Math.min(MAX_SHIFT, middle + 1); shift++) {
    const bytes = Math.ceil(bitsAt(positions, shift) / 8)
    if (!best || bytes < best.bytes) best = { shift, bytes }
  }
  return best as RicePlan
}

function bitsAt(positions: Uint32Array, shift: number): number {
  let bits = positions.length * (shift + 1)
  let next = 0
  for (let k = 0; k < positions.length; k++) {
    bits += (positions[k] - next) >>> shift
    next = positions[k] + 1
  }
  return bits
}

/** Writes into zeroed bytes, exactly as many as planned. */
export function writeRice(bytes: Uint8Array, positions: Uint32Array, shift: number): void {
  let at = 0
  let next = 0
  for (const position of positions) {
    const gap = position - next
    next = position + 1
    for (let ones = gap >>> shift; ones > 0; ones--, at++) bytes[at >>> 3] |= 1 << (at & 7)
    at++
    for (let low = gap, left = shift; left > 0; ) {
      const taken = Math.min(left, 8 - (at & 7))
      bytes[at >>> 3] |= (low & ((1 << taken) - 1)) << (at & 7)
      low >>>= taken
      left -= taken
      at += taken
    }
  }
}

/** The positions, or null when the bytes are not those of `count` ascending positions below `size`, up to the last bit. */
export function readRice(bytes: Uint8Array, count: number, size: number, shift: number): Uint32Array | null {
  const end = 8 * bytes.length
  if (shift > MAX_SHIFT || count * (shift + 1) > end) return null
  const positions = new Uint32Array(count)
  const unit = 2 ** shift
  let at = 0
  let next = 0
  for (let k = 0; k < count; k++) {
    for (; at < end && (bytes[at >>> 3] >>> (at & 7)) & 1; at++) next += unit
    at++
    if (at + shift > end) return null
    for (let filled = 0; filled < shift; ) {
      const taken = Math.min(shift - filled, 8 - (at & 7))
      next += ((bytes[at >>> 3] >>> (at & 7)) & ((1 << taken) - 1)) * 2 ** filled
      filled += taken
      at += taken
    }
    if (next >= size) return null
    positions[k] = next++
  }
  const unused = end - at
  return unused < 8 && (unused === 0 || bytes[bytes.length - 1] >>> (8 - unused) === 0) ? positions : null
}
