/*
 * IEEE 754 binary16, for vectors sent at half the bytes: 10 bits of mantissa, up to 65504, steps of 2^-24 around zero. Rounds to the
 * nearest, of two equally near to the even one; what is too large becomes infinite. A NaN keeps the upper bits of its payload.
 */

const FLOAT32_INFINITY = 0x7f800000
/** the smallest float32 that rounds to infinity, 65520 */
const FIRST_TOO_LARGE = 0x477ff000
/** 2^-14, the smallest normal binary16 */
const FIRST_NORMAL = 0x38800000
/** 2^-25, the largest float32 that rounds to zero */
const LAST_ZERO = 0x33000000

export function toFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const halves = new Uint16Array(bits.length)
  for (let i = 0; i < bits.length; i++) halves[i] = halfOf(bits[i])
  return halves
}

export function fromFloat16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length)
  for (let i = 0; i < halves.length; i++) bits[i] = floatOf(halves[i])
  return new Float32Array(bits.buffer)
}

function halfOf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fffffff
  if (magnitude > FLOAT32_INFINITY) return sign | 0x7c00 | ((magnitude >>> 13) & 0x3ff || 0x200)
  if (magnitude >= FIRST_TOO_LARGE) return sign | 0x7c00
  if (magnitude >= FIRST_NORMAL) return sign | roundedShift(magnitude - 0x38000000, 13)
  if (magnitude <= LAST_ZERO) return sign
  return sign | roundedShift((magnitude & 0x7fffff) | 0x800000, 126 - (magnitude >>> 23))
}

/** value / 2^places, to the nearest, ties to even. A carry out of the mantissa lands in the exponent, where it belongs. */
function roundedShift(value: number, places: number): number {
  const floor = value >>> places
  const rest = value - (floor << places)
  const half = 1 << (places - 1)
  return rest > half || (rest === half && floor & 1) ? floor + 1 : floor
}

function floatOf(half: number): number {
  const sign = (half & 0x8000) << 16
  const exponent = (half >>> 10) & 31
  const mantissa = half & 0x3ff
  if (exponent === 31) return (sign | FLOAT32_INFINITY | (mantissa << 13)) >>> 0
  if (exponent > 0) return (sign | ((exponent + 112) << 23) | (mantissa << 13)) >>> 0
  if (mantissa === 0) return sign >>> 0
  // subnormal: mantissa * 2^-24, normal as a float32
  const leading = 31 - Math.clz32(mantissa)
  return (sign | ((leading + 103) << 23) | ((mantissa << (23 - leading)) & 0x7fffff)) >>> 0
}
