import { packedSize } from './matmul'

// Filters in Winograd's domain, and their gradients back from it (see winograd.ts).

/** 36 floats in 6 x 6 that a filter is transformed into, times 4 lanes. */
const transformed: usize = memory.data(576, 16)
const ROW: usize = 96

/** G g G' of four filters that lie side by side: g at `from`, its nine taps `tap` bytes apart, in the order that its sign gives. */
function transformFour(from: usize, tap: i32): void {
  for (let column = 0; column < 3; column++) {
    const g = from + <usize>(column * tap)
    combine(v128.load(g), v128.load(g + <usize>(3 * tap)), v128.load(g + <usize>(6 * tap)), transformed + ((<usize>column) << 4), ROW)
  }
  for (let r = 0; r < 6; r++) {
    const row = transformed + <usize>r * ROW
    combine(v128.load(row), v128.load(row, 16), v128.load(row, 32), row, 16)
  }
}

/** G g: three vectors to six, `step` bytes apart. */
function combine(g0: v128, g1: v128, g2: v128, to: usize, step: usize): void {
  const sixth = f32x4.splat(1.0 / 6)
  const outer = f32x4.mul(f32x4.add(g0, g2), sixth)
  const middle = f32x4.mul(g1, sixth)
  const outer2 = f32x4.add(f32x4.mul(g0, f32x4.splat(1.0 / 24)), f32x4.mul(g2, sixth))
  const middle2 = f32x4.mul(g1, f32x4.splat(1.0 / 12))
  v128.store(to, f32x4.mul(g0, f32x4.splat(0.25)))
  v128.store(to + step, f32x4.neg(f32x4.add(outer, middle)))
  v128.store(to + 2 * step, f32x4.sub(middle, outer))
  v128.store(to + 3 * step, f32x4.add(outer2, middle2))
  v128.store(to + 4 * step, f32x4.sub(outer2, middle2))
  v128.store(to + 5 * step, g2)
}

/** Of weight [3, 3, channels, outChannels], to 36 packed matrices [channels, outChannels]. */
export function transformFilters(weight: usize, channels: i32, outChannels: i32, to: usize): void {
  const matrix = (<usize>packedSize(channels, outChannels)) << 2
  const tap = (channels * outChannels) << 2
  // Zeros behind the last column, where it does not fill its panel.
  if (outChannels & 15) memory.fill(to, 0, 36 * matrix)
  for (let c = 0; c < channels; c++)
    for (let o = 0; o < outChannels; o += 4) {
      transformFour(weight + ((<usize>(c * outChannels + o)) << 2), tap)
      const at = to + ((<usize>(((o >> 4) * channels + c) * 16 + (o & 15))) << 2)
      for (let i = 0; i < 36; i++) v128.store(at + <usize>i * matrix, v128.load(transformed + ((<usize>i) << 4)))
    }
}

/** Of weight [3, 3, outChannels, channels], turned by 180 degrees, to 36 packed matrices [channels, outChannels]. */
export function transformTurnedFilters(weight: usize, channels: i32, outChannels: i32, to: usize): void {
  const matrix = (<usize>packedSize(channels, outChannels)) << 2
  const tap = (channels * outChannels) << 2
  if (outChannels & 15) memory.fill(to, 0, 36 * matrix)
  for (let o = 0; o < outChannels; o++)
    for (let c = 0; c < channels; c += 4) {
      transformFour(weight + <usize>(8 * tap) + ((<usize>(o * channels + c)) << 2), -tap)
      let at = to + ((<usize>(((o >> 4) * channels + c) * 16 + (o & 15))) << 2)
      for (let i = 0; i < 36; i++) {
        const value = v128.load(transformed + ((<usize>i) << 4))
        v128.store32_lane(at, value, 0)
        v128.store32_lane(at, value, 1, 64)
        v128.store32_lane(at, value, 2, 128)
        v128.store32_lane(at, value, 3, 192)
        at += matrix
      }
    }
}

/** G' sums G, of 36 matrices of `size` floats, to nine. */
export function transformFilterGradient(sums: usize, size: i32, gradient: usize): void {
  const apart = (<usize>size) << 2
  for (let at: usize = 0; at < apart; at += 16) {
    for (let column = 0; column < 6; column++)
      combineGradient(sums + at + <usize>column * apart, 6 * apart, transformed + ((<usize>column) << 4), ROW)
    for (let r = 0; r < 3; r++) combineGradient(transformed + <usize>r * ROW, 16, gradient + at + <usize>(3 * r) * apart, apart)
  }
}

/** G' s: six vectors to three. */
function combineGradient(from: usize, step: usize, to: usize, toStep: usize): void {
  const sixth = f32x4.splat(1.0 / 6)
  const s1 = v128.load(from + step)
  const s2 = v128.load(from + 2 * step)
  const s3 = v128.load(from + 3 * step)
  const s4 = v128.load(from + 4 * step)
  const sum = f32x4.mul(f32x4.add(s1, s2), sixth)
  const sum2 = f32x4.add(s3, s4)
  const first = f32x4.add(f32x4.sub(f32x4.mul(v128.load(from), f32x4.splat(0.25)), sum), f32x4.mul(sum2, f32x4.splat(1.0 / 24)))
  const second = f32x4.add(f32x4.mul(f32x4.sub(s2, s1), sixth), f32x4.mul(f32x4.sub(s3, s4), f32x4.splat(1.0 / 12)))
  const third = f32x4.add(f32x4.sub(f32x4.mul(sum2, sixth), sum), v128.load(from + 5 * step))
  v128.store(to, first)
  v128.store(to + toStep, second)
  v128.store(to + 2 * toStep, third)
}
