import { multiply, multiplyTransposed, packedSize } from './matmul'

// Convolution with a 3x3 kernel, stride 1 and a border of 1 by Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks"
// (2016), F(2x2, 3x3): pictures are cut into tiles of 2x2 outputs, which need 4x4 inputs; transformed, a convolution is 16 matrix products
// with 16 instead of 36 multiplications a tile. Height and width are even, channel numbers divide by 4.

/** tiles that are computed together */
const TILES: i32 = 64
/** floats between the 16 transformed matrices, so that they do not compete for the same lines of the cache */
const APART: i32 = 16

/** floats of the transformed tiles of a block */
function blockSize(channels: i32): i32 {
  return 16 * (TILES * channels + APART)
}

/** floats of scratch for `winogradConv` */
export function winogradConvScratch(channels: i32, outChannels: i32): i32 {
  return 16 * packedSize(channels, outChannels) + blockSize(channels) + blockSize(outChannels)
}

/** floats of scratch for `winogradFilterGradient` */
export function winogradFilterScratch(channels: i32, outChannels: i32): i32 {
  return 16 * channels * outChannels + blockSize(channels) + blockSize(outChannels)
}

/**
 * y [batch, height, width, outChannels] = conv(x [batch, height, width, channels], weight [3, 3, channels, outChannels]) (+ addend); or
 * the gradient of a convolution's input: x is dy and `turned`, weight [3, 3, outChannels, channels] taken turned by 180 degrees.
 */
export function winogradConv(
  x: usize,
  weight: usize,
  turned: bool,
  addend: usize,
  y: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outChannels: i32,
  scratch: usize,
): void {
  const filters = scratch
  const panel = packedSize(channels, outChannels)
  const tiles = filters + ((<usize>(16 * panel)) << 2)
  const products = tiles + ((<usize>blockSize(channels)) << 2)
  if (turned) transformTurnedFilters(weight, channels, outChannels, filters)
  else transformFilters(weight, channels, outChannels, filters)

  const count = (batch * height * width) >> 2
  for (let first = 0; first < count; first += TILES) {
    const many = min(TILES, count - first)
    for (let t = 0; t < many; t++) transformInput(x, first + t, height, width, channels, tiles + ((<usize>(t * channels)) << 2))
    for (let i = 0; i < 16; i++) {
      const from = tiles + ((<usize>(i * (TILES * channels + APART))) << 2)
      const to = products + ((<usize>(i * (TILES * outChannels + APART))) << 2)
      multiply(from, channels, filters + ((<usize>(i * panel)) << 2), to, outChannels, many, channels, outChannels, false)
    }
    for (let t = 0; t < many; t++)
      transformOutput(products + ((<usize>(t * outChannels)) << 2), first + t, height, width, outChannels, addend, y)
  }
}

/** gradient [3, 3, channels, outChannels] of the weights. */
export function winogradFilterGradient(
  x: usize,
  dy: usize,
  gradient: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outChannels: i32,
  scratch: usize,
): void {
  const sums = scratch
  const size = channels * outChannels
  const tiles = sums + ((<usize>(16 * size)) << 2)
  const dTiles = tiles + ((<usize>blockSize(channels)) << 2)
  const count = (batch * height * width) >> 2
  for (let first = 0; first < count; first += TILES) {
    const many = min(TILES, count - first)
    for (let t = 0; t < many; t++) {
      transformInput(x, first + t, height, width, channels, tiles + ((<usize>(t * channels)) << 2))
      transformOutputGradient(dy, first + t, height, width, outChannels, dTiles + ((<usize>(t * outChannels)) << 2))
    }
    for (let i = 0; i < 16; i++) {
      const a = tiles + ((<usize>(i * (TILES * channels + APART))) << 2)
      const b = dTiles + ((<usize>(i * (TILES * outChannels + APART))) << 2)
      const to = sums + ((<usize>(i * size)) << 2)
      multiplyTransposed(a, channels, b, outChannels, to, outChannels, channels, many, outChannels, first > 0)
    }
  }
  transformFilterGradient(sums, size, gradient)
}

/** Offset in floats of the upper left output of a tile, for one channel. */
function cornerOf(tile: i32, height: i32, width: i32): i32 {
  const across = width >> 1
  const perPicture = (height >> 1) * across
  const picture = tile / perPicture
  const at = tile % perPicture
  return (picture * height + (at / across) * 2) * width + (at % across) * 2
}

/** B' d B of the 4x4 inputs around a tile, to 16 matrices. */
function transformInput(x: usize, tile: i32, height: i32, width: i32, channels: i32, to: usize): void {
  const across = width >> 1
  const at = tile % ((height >> 1) * across)
  const top = at / across === 0
  const bottom = at / across === (height >> 1) - 1
  const left = at % across === 0
  const right = at % across === across - 1
  const pixel = (<usize>channels) << 2
  const row = <usize>width * pixel
  const apart = (<usize>(TILES * channels + APART)) << 2
  const zero = f32x4.splat(0)
  let from = x + <usize>cornerOf(tile, height, width) * pixel - row - pixel
  for (let c = 0; c < channels; c += 4) {
    // Each column of d, its rows combined.
    let d0 = zero
    let d1 = zero
    let d2 = zero
    let d3 = zero
    let p = from
    if (!left) {
      if (!top) d0 = v128.load(p)
      d1 = v128.load(p + row)
      d2 = v128.load(p + 2 * row)
      if (!bottom) d3 = v128.load(p + 3 * row)
    }
    const t00 = f32x4.sub(d0, d2)
    const t10 = f32x4.add(d1, d2)
    const t20 = f32x4.sub(d2, d1)
    const t30 = f32x4.sub(d1, d3)
    p += pixel
    d0 = top ? zero : v128.load(p)
    d1 = v128.load(p + row)
    d2 = v128.load(p + 2 * row)
    d3 = bottom ? zero : v128.load(p + 3 * row)
    const t01 = f32x4.sub(d0, d2)
    const t11 = f32x4.add(d1, d2)
    const t21 = f32x4.sub(d2, d1)
    const t31 = f32x4.sub(d1, d3)
    p += pixel
    d0 = top ? zero : v128.load(p)
    d1 = v128.load(p + row)
    d2 = v128.load(p + 2 * row)
    d3 = bottom ? zero : v128.load(p + 3 * row)
    const t02 = f32x4.sub(d0, d2)
    const t12 = f32x4.add(d1, d2)
    const t22 = f32x4.sub(d2, d1)
    const t32 = f32x4.sub(d1, d3)
    p += pixel
    d0 = zero
    d1 = zero
    d2 = zero
    d3 = zero
    if (!right) {
      if (!top) d0 = v128.load(p)
      d1 = v128.load(p + row)
      d2 = v128.load(p + 2 * row)
      if (!bottom) d3 = v128.load(p + 3 * row)
    }
    const t03 = f32x4.sub(d0, d2)
    const t13 = f32x4.add(d1, d2)
    const t23 = f32x4.sub(d2, d1)
    const t33 = f32x4.sub(d1, d3)
    // Then the columns.
    let o = to
    v128.store(o, f32x4.sub(t00, t02))
    o += apart
    v128.store(o, f32x4.add(t01, t02))
    o += apart
    v128.store(o, f32x4.sub(t02, t01))
    o += apart
    v128.store(o, f32x4.sub(t01, t03))
    o += apart
    v128.store(o, f32x4.sub(t10, t12))
    o += apart
    v128.store(o, f32x4.add(t11, t12))
    o += apart
    v128.store(o, f32x4.sub(t12, t11))
    o += apart
    v128.store(o, f32x4.sub(t11, t13))
    o += apart
    v128.store(o, f32x4.sub(t20, t22))
    o += apart
    v128.store(o, f32x4.add(t21, t22))
    o += apart
    v128.store(o, f32x4.sub(t22, t21))
    o += apart
    v128.store(o, f32x4.sub(t21, t23))
    o += apart
    v128.store(o, f32x4.sub(t30, t32))
    o += apart
    v128.store(o, f32x4.add(t31, t32))
    o += apart
    v128.store(o, f32x4.sub(t32, t31))
    o += apart
    v128.store(o, f32x4.sub(t31, t33))
    from += 16
    to += 16
  }
}

/** A' m A: the 2x2 outputs of a tile. */
function transformOutput(from: usize, tile: i32, height: i32, width: i32, channels: i32, addend: usize, y: usize): void {
  const pixel = (<usize>channels) << 2
  const row = <usize>width * pixel
  const apart = (<usize>(TILES * channels + APART)) << 2
  const corner = <usize>cornerOf(tile, height, width) * pixel
  for (let c = 0; c < channels; c += 4) {
    // Each column of m, its rows combined.
    let p = from
    let m1 = v128.load(p + 4 * apart)
    let m2 = v128.load(p + 8 * apart)
    const s00 = f32x4.add(v128.load(p), f32x4.add(m1, m2))
    const s10 = f32x4.sub(f32x4.sub(m1, m2), v128.load(p + 12 * apart))
    p += apart
    m1 = v128.load(p + 4 * apart)
    m2 = v128.load(p + 8 * apart)
    const s01 = f32x4.add(v128.load(p), f32x4.add(m1, m2))
    const s11 = f32x4.sub(f32x4.sub(m1, m2), v128.load(p + 12 * apart))
    p += apart
    m1 = v128.load(p + 4 * apart)
    m2 = v128.load(p + 8 * apart)
    const s02 = f32x4.add(v128.load(p), f32x4.add(m1, m2))
    const s12 = f32x4.sub(f32x4.sub(m1, m2), v128.load(p + 12 * apart))
    p += apart
    m1 = v128.load(p + 4 * apart)
    m2 = v128.load(p + 8 * apart)
    const s03 = f32x4.add(v128.load(p), f32x4.add(m1, m2))
    const s13 = f32x4.sub(f32x4.sub(m1, m2), v128.load(p + 12 * apart))
    let y00 = f32x4.add(s00, f32x4.add(s01, s02))
    let y01 = f32x4.sub(f32x4.sub(s01, s02), s03)
    let y10 = f32x4.add(s10, f32x4.add(s11, s12))
    let y11 = f32x4.sub(f32x4.sub(s11, s12), s13)
    const at = corner + ((<usize>c) << 2)
    if (addend) {
      const a = addend + at
      y00 = f32x4.add(y00, v128.load(a))
      y01 = f32x4.add(y01, v128.load(a + pixel))
      y10 = f32x4.add(y10, v128.load(a + row))
      y11 = f32x4.add(y11, v128.load(a + row + pixel))
    }
    const o = y + at
    v128.store(o, y00)
    v128.store(o + pixel, y01)
    v128.store(o + row, y10)
    v128.store(o + row + pixel, y11)
    from += 16
  }
}

/** A dy A' of a tile's 2x2 output gradients, to 16 matrices. */
function transformOutputGradient(dy: usize, tile: i32, height: i32, width: i32, channels: i32, to: usize): void {
  const pixel = (<usize>channels) << 2
  const row = <usize>width * pixel
  const apart = (<usize>(TILES * channels + APART)) << 2
  let from = dy + <usize>cornerOf(tile, height, width) * pixel
  for (let c = 0; c < channels; c += 4) {
    const d00 = v128.load(from)
    const d01 = v128.load(from + pixel)
    const d10 = v128.load(from + row)
    const d11 = v128.load(from + row + pixel)
    let o = storeRow(d00, d01, to, apart)
    o = storeRow(f32x4.add(d00, d10), f32x4.add(d01, d11), o, apart)
    o = storeRow(f32x4.sub(d00, d10), f32x4.sub(d01, d11), o, apart)
    storeRow(f32x4.neg(d10), f32x4.neg(d11), o, apart)
    from += 16
    to += 16
  }
}

/** a row of two, times A', to four matrices */
function storeRow(left: v128, right: v128, to: usize, apart: usize): usize {
  v128.store(to, left)
  to += apart
  v128.store(to, f32x4.add(left, right))
  to += apart
  v128.store(to, f32x4.sub(left, right))
  to += apart
  v128.store(to, f32x4.neg(right))
  return to + apart
}

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
function transformFilters(weight: usize, channels: i32, outChannels: i32, to: usize): void {
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
function transformTurnedFilters(weight: usize, channels: i32, outChannels: i32, to: usize): void {
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
function transformFilterGradient(sums: usize, size: i32, gradient: usize): void {
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
