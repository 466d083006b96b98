import { packedSize } from './matmul'

// Filters in Winograd's domain, and their gradients back from it (see winograd.ts).

/** 16 floats in 4 x 4 that a filter is transformed into, times 4 lanes. */
const transformed: usize = memory.data(256, 16)

/** G g G' of four filters that lie side by side: g at `from`, its nine taps `tap` bytes apart, in the order that `step` gives. */
function transformFour(from: usize, tap: i32): void {
  // Each column of g, its rows combined.
  for (let column = 0; column < 3; column++) {
    const g0 = v128.load(from + <usize>(column * tap))
    const g1 = v128.load(from + <usize>((column + 3) * tap))
    const g2 = v128.load(from + <usize>((column + 6) * tap))
    const half = f32x4.mul(f32x4.add(g0, g2), f32x4.splat(0.5))
    const middle = f32x4.mul(g1, f32x4.splat(0.5))
    const to = transformed + ((<usize>column) << 4)
    v128.store(to, g0)
    v128.store(to, f32x4.add(half, middle), 64)
    v128.store(to, f32x4.sub(half, middle), 128)
    v128.store(to, g2, 192)
  }
  for (let r = 0; r < 4; r++) {
    const at = transformed + ((<usize>r) << 6)
    const g0 = v128.load(at)
    const g1 = v128.load(at, 16)
    const g2 = v128.load(at, 32)
    const half = f32x4.mul(f32x4.add(g0, g2), f32x4.splat(0.5))
    const middle = f32x4.mul(g1, f32x4.splat(0.5))
    v128.store(at, f32x4.add(half, middle), 16)
    v128.store(at, f32x4.sub(half, middle), 32)
    v128.store(at, g2, 48)
  }
}

/** Of weight [3, 3, channels, outChannels], to 16 packed matrices [channels, outChannels]. */
export function transformFilters(weight: usize, channels: i32, outChannels: i32, to: usize): void {
  const matrix = (<usize>packedSize(channels, outChannels)) << 2
  const tap = (channels * outChannels) << 2
  // Zeros behind the last column, where it does not fill its panel.
  if (outChannels & 15) memory.fill(to, 0, 16 * matrix)
  for (let c = 0; c < channels; c++)
    for (let o = 0; o < outChannels; o += 4) {
      transformFour(weight + ((<usize>(c * outChannels + o)) << 2), tap)
      const at = to + ((<usize>(((o >> 4) * channels + c) * 16 + (o & 15))) << 2)
      for (let i = 0; i < 16; i++) v128.store(at + <usize>i * matrix, v128.load(transformed + ((<usize>i) << 4)))
    }
}

/** Of weight [3, 3, outChannels, channels], turned by 180 degrees, to 16 packed matrices [channels, outChannels]. */
export function transformTurnedFilters(weight: usize, channels: i32, outChannels: i32, to: usize): void {
  const matrix = (<usize>packedSize(channels, outChannels)) << 2
  const tap = (channels * outChannels) << 2
  if (outChannels & 15) memory.fill(to, 0, 16 * matrix)
  for (let o = 0; o < outChannels; o++)
    for (let c = 0; c < channels; c += 4) {
      transformFour(weight + <usize>(8 * tap) + ((<usize>(o * channels + c)) << 2), -tap)
      let at = to + ((<usize>(((o >> 4) * channels + c) * 16 + (o & 15))) << 2)
      for (let i = 0; i < 16; i++) {
        const value = v128.load(transformed + ((<usize>i) << 4))
        v128.store32_lane(at, value, 0)
        v128.store32_lane(at, value, 1, 64)
        v128.store32_lane(at, value, 2, 128)
        v128.store32_lane(at, value, 3, 192)
        at += matrix
      }
    }
}

/** G' sums G, of 16 matrices of `size` floats, to nine. */
export function transformFilterGradient(sums: usize, size: i32, gradient: usize): void {
  const apart = (<usize>size) << 2
  const half = f32x4.splat(0.5)
  for (let at: usize = 0; at < apart; at += 16) {
    // Rows combined, over the matrices of the first, second and third row of the result.
    for (let column = 0; column < 4; column++) {
      const from = sums + at + <usize>column * apart
      const s0 = v128.load(from)
      const s1 = v128.load(from + 4 * apart)
      const s2 = v128.load(from + 8 * apart)
      const s3 = v128.load(from + 12 * apart)
      const plus = f32x4.mul(f32x4.add(s1, s2), half)
      v128.store(from, f32x4.add(s0, plus))
      v128.store(from + 4 * apart, f32x4.mul(f32x4.sub(s1, s2), half))
      v128.store(from + 8 * apart, f32x4.add(plus, s3))
    }
    for (let r = 0; r < 3; r++) {
      const from = sums + at + <usize>(4 * r) * apart
      const s1 = v128.load(from + apart)
      const s2 = v128.load(from + 2 * apart)
      const plus = f32x4.mul(f32x4.add(s1, s2), half)
      const to = gradient + at + <usize>(3 * r) * apart
      v128.store(to, f32x4.add(v128.load(from), plus))
      v128.store(to + apart, f32x4.mul(f32x4.sub(s1, s2), half))
      v128.store(to + 2 * apart, f32x4.add(plus, v128.load(from + 3 * apart)))
    }
  }
}
