// Into Winograd's domain and back: tiles of 4x4 outputs, in as many matrices as a transformed tile has numbers (see winograd.ts). Each
// transform goes over the columns of a tile first, then over its rows, four channels at a time.

/** tiles that are computed together */
export const TILES: i32 = 32
/** floats between the 36 transformed matrices, so that they do not compete for the same lines of the cache */
export const APART: i32 = 16

/** A tile of four channels whose columns are combined, its rows not yet: 6 x 6 vectors. */
const between: usize = memory.data(576, 16)
const ROW: usize = 96

/** tiles of a picture */
export function tilesOf(height: i32, width: i32): i32 {
  return (height >> 2) * (width >> 2)
}

/** Offset in floats of the upper left output of a tile, for one channel. */
function cornerOf(tile: i32, height: i32, width: i32): i32 {
  const across = width >> 2
  const perPicture = tilesOf(height, width)
  const picture = tile / perPicture
  const at = tile % perPicture
  return (picture * height + (at / across) * 4) * width + (at % across) * 4
}

/** B' d B of the 6x6 inputs of a tile of a padded picture, to 36 matrices. */
export function transformInput(padded: usize, tile: i32, width: i32, channels: i32, to: usize): void {
  const across = width >> 2
  const pixel = (<usize>channels) << 2
  const row = <usize>(width + 2) * pixel
  const apart = (<usize>(TILES * channels + APART)) << 2
  let from = padded + <usize>((tile / across) * 4) * row + <usize>((tile % across) * 4) * pixel
  for (let c = 0; c < channels; c += 4) {
    combineInput(from, row, pixel, between, ROW, 16)
    combineInput(between, 16, ROW, to, apart, 6 * apart)
    from += 16
    to += 16
  }
}

/** Six times B' d: six vectors `step` bytes apart, the next six `next` bytes on. */
function combineInput(from: usize, step: usize, next: usize, to: usize, toStep: usize, toNext: usize): void {
  const four = f32x4.splat(4)
  const five = f32x4.splat(5)
  for (let i = 0; i < 6; i++) {
    let p = from
    const d0 = v128.load(p)
    p += step
    const d1 = v128.load(p)
    p += step
    const d2 = v128.load(p)
    p += step
    const d3 = v128.load(p)
    p += step
    const d4 = v128.load(p)
    p += step
    const d5 = v128.load(p)
    const even = f32x4.sub(d4, f32x4.mul(d2, four))
    const odd = f32x4.sub(d3, f32x4.mul(d1, four))
    const even2 = f32x4.sub(d4, d2)
    const odd2 = f32x4.sub(d3, d1)
    const twice = f32x4.add(odd2, odd2)
    let o = to
    v128.store(o, f32x4.add(f32x4.sub(f32x4.mul(d0, four), f32x4.mul(d2, five)), d4))
    o += toStep
    v128.store(o, f32x4.add(even, odd))
    o += toStep
    v128.store(o, f32x4.sub(even, odd))
    o += toStep
    v128.store(o, f32x4.add(even2, twice))
    o += toStep
    v128.store(o, f32x4.sub(even2, twice))
    o += toStep
    v128.store(o, f32x4.add(f32x4.sub(f32x4.mul(d1, four), f32x4.mul(d3, five)), d5))
    from += next
    to += toNext
  }
}

/** A' m A: the 4x4 outputs of a tile. */
export function transformOutput(from: usize, tile: i32, height: i32, width: i32, channels: i32, addend: usize, y: usize): void {
  const pixel = (<usize>channels) << 2
  const row = <usize>width * pixel
  const apart = (<usize>(TILES * channels + APART)) << 2
  let at = <usize>cornerOf(tile, height, width) * pixel
  for (let c = 0; c < channels; c += 4) {
    combineOutput(from, 6 * apart, apart, 6, 0, between, ROW, 16)
    combineOutput(between, 16, ROW, 4, addend ? addend + at : 0, y + at, pixel, row)
    from += 16
    at += 16
  }
}

/** So many times A' m (+ addend, which lies like the result): six vectors to four. */
function combineOutput(from: usize, step: usize, next: usize, times: i32, addend: usize, to: usize, toStep: usize, toNext: usize): void {
  for (let i = 0; i < times; i++) {
    let p = from + step
    let m = v128.load(p)
    p += step
    let n = v128.load(p)
    p += step
    const sum = f32x4.add(m, n)
    const difference = f32x4.sub(m, n)
    m = v128.load(p)
    p += step
    n = v128.load(p)
    p += step
    const sum2 = f32x4.add(m, n)
    const difference2 = f32x4.sub(m, n)
    let y0 = f32x4.add(f32x4.add(v128.load(from), sum), sum2)
    let y1 = f32x4.add(difference, f32x4.add(difference2, difference2))
    let y2 = f32x4.add(sum, f32x4.mul(sum2, f32x4.splat(4)))
    let y3 = f32x4.add(f32x4.add(difference, f32x4.mul(difference2, f32x4.splat(8))), v128.load(p))
    if (addend) {
      y0 = f32x4.add(y0, v128.load(addend))
      y1 = f32x4.add(y1, v128.load(addend + toStep))
      y2 = f32x4.add(y2, v128.load(addend + 2 * toStep))
      y3 = f32x4.add(y3, v128.load(addend + 3 * toStep))
      addend += toNext
    }
    v128.store(to, y0)
    v128.store(to + toStep, y1)
    v128.store(to + 2 * toStep, y2)
    v128.store(to + 3 * toStep, y3)
    from += next
    to += toNext
  }
}

/** A dy A' of a tile's 4x4 output gradients, to 36 matrices. */
export function transformOutputGradient(dy: usize, tile: i32, height: i32, width: i32, channels: i32, to: usize): void {
  const pixel = (<usize>channels) << 2
  const row = <usize>width * pixel
  const apart = (<usize>(TILES * channels + APART)) << 2
  let from = dy + <usize>cornerOf(tile, height, width) * pixel
  for (let c = 0; c < channels; c += 4) {
    combineOutputGradient(from, row, pixel, 4, between, ROW, 16)
    combineOutputGradient(between, 16, ROW, 6, to, apart, 6 * apart)
    from += 16
    to += 16
  }
}

/** So many times A dy: four vectors to six. */
function combineOutputGradient(from: usize, step: usize, next: usize, times: i32, to: usize, toStep: usize, toNext: usize): void {
  for (let i = 0; i < times; i++) {
    const d0 = v128.load(from)
    const d1 = v128.load(from + step)
    const d2 = v128.load(from + 2 * step)
    const d3 = v128.load(from + 3 * step)
    const even = f32x4.add(d0, d2)
    const odd = f32x4.add(d1, d3)
    const even2 = f32x4.add(d0, f32x4.mul(d2, f32x4.splat(4)))
    const odd2 = f32x4.add(f32x4.add(d1, d1), f32x4.mul(d3, f32x4.splat(8)))
    let o = to
    v128.store(o, d0)
    o += toStep
    v128.store(o, f32x4.add(even, odd))
    o += toStep
    v128.store(o, f32x4.sub(even, odd))
    o += toStep
    v128.store(o, f32x4.add(even2, odd2))
    o += toStep
    v128.store(o, f32x4.sub(even2, odd2))
    o += toStep
    v128.store(o, d3)
    from += next
    to += toNext
  }
}
