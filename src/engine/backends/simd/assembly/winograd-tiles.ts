// Into Winograd's domain and back: tiles of 2x2 outputs, in as many matrices as a transformed tile has numbers (see winograd.ts).

/** tiles that are computed together */
export const TILES: i32 = 64
/** floats between the 16 transformed matrices, so that they do not compete for the same lines of the cache */
export const APART: i32 = 16

/** Offset in floats of the upper left output of a tile, for one channel. */
function cornerOf(tile: i32, height: i32, width: i32): i32 {
  const across = width >> 1
  const perPicture = (height >> 1) * across
  const picture = tile / perPicture
  const at = tile % perPicture
  return (picture * height + (at / across) * 2) * width + (at % across) * 2
}

/** B' d B of the 4x4 inputs around a tile, to 16 matrices. */
export function transformInput(x: usize, tile: i32, height: i32, width: i32, channels: i32, to: usize): void {
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
export function transformOutput(from: usize, tile: i32, height: i32, width: i32, channels: i32, addend: usize, y: usize): void {
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
export function transformOutputGradient(dy: usize, tile: i32, height: i32, width: i32, channels: i32, to: usize): void {
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
