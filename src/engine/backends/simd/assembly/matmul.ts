import { firstLanes, storeLanes } from './lanes'

// Matrices are row-major; a leading dimension (ld) is the distance of rows in floats. The right factor of a product is packed into
// panels of 16 columns, [columns / 16][k][16], zeros behind the last column. A tile of 2 x 16 results fits into the 16 registers of x86.

/** 2 x 16 floats that a product at the edge of its matrix is computed into. */
const edge: usize = memory.data(128, 16)

/** floats of a packed matrix [k, n] */
export function packedSize(k: i32, n: i32): i32 {
  return ((n + 15) & ~15) * k
}

/** Packs b [k, n]. */
export function pack(b: usize, ldb: i32, k: i32, n: i32, packed: usize): void {
  for (let j = 0; j < n; j += 16)
    for (let i = 0; i < k; i++) {
      const from = b + ((<usize>(i * ldb + j)) << 2)
      for (let c = 0; c < 16; c += 4) {
        const at = (<usize>c) << 2
        v128.store(packed + at, n - j - c >= 4 ? v128.load(from + at) : firstLanes(v128.load(from + at), n - j - c))
      }
      packed += 64
    }
}

/** Packs the transpose [k, n] of b [n, k]. */
export function packTransposed(b: usize, ldb: i32, k: i32, n: i32, packed: usize): void {
  const row = (<usize>ldb) << 2
  for (let j = 0; j < n; j += 16) {
    if (n - j < 16) memory.fill(packed, 0, (<usize>k) << 6)
    const from = b + <usize>j * row
    for (let c = 0; c < min(16, n - j); c += 4) {
      const width = min(4, n - j - c)
      const rows = from + <usize>c * row
      const to = packed + ((<usize>c) << 2)
      let i = 0
      if (width === 4) for (; i + 4 <= k; i += 4) transposeFour(rows + ((<usize>i) << 2), row, to + ((<usize>i) << 6))
      for (; i < k; i++)
        for (let r = 0; r < width; r++)
          store<f32>(to + ((<usize>i) << 6) + ((<usize>r) << 2), load<f32>(rows + <usize>r * row + ((<usize>i) << 2)))
    }
    packed += (<usize>k) << 6
  }
}

/** Four floats of each of four rows become four floats of each of four rows of a panel. */
function transposeFour(from: usize, row: usize, to: usize): void {
  const a = v128.load(from)
  const b = v128.load(from + row)
  const c = v128.load(from + 2 * row)
  const d = v128.load(from + 3 * row)
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
  const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
  const cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
  v128.store(to, v128.shuffle<f64>(ab, cd, 0, 2))
  v128.store(to, v128.shuffle<f64>(ab, cd, 1, 3), 64)
  v128.store(to, v128.shuffle<f64>(ab2, cd2, 0, 2), 128)
  v128.store(to, v128.shuffle<f64>(ab2, cd2, 1, 3), 192)
}

/** c [m, n] = a [m, k] b, or with `accumulate` c + a b; b [k, n] packed. */
export function multiply(a: usize, lda: i32, packed: usize, c: usize, ldc: i32, m: i32, k: i32, n: i32, accumulate: bool): void {
  multiplyWindows(a, lda, 1, 0, packed, c, ldc, m, k, n, accumulate)
}

/** The same, where a row of a is a window: `lines` of k floats, `pitch` floats apart; b [lines k, n] packed. */
export function multiplyWindows(
  a: usize,
  lda: i32,
  lines: i32,
  pitch: i32,
  packed: usize,
  c: usize,
  ldc: i32,
  m: i32,
  k: i32,
  n: i32,
  accumulate: bool,
): void {
  const rowA = (<usize>lda) << 2
  const skip = (<usize>(pitch - k)) << 2
  const rowC = (<usize>ldc) << 2
  for (let j = 0; j < n; j += 16) {
    for (let i = 0; i < m; i += 2) {
      const from = a + <usize>i * rowA
      const to = c + <usize>i * rowC + ((<usize>j) << 2)
      const rows = min(2, m - i)
      // A row beyond the last one is not read.
      const second = rows > 1 ? from + rowA : from
      const whole = rows === 2 && j + 16 <= n
      tile(from, second, lines, skip, packed, whole ? to : edge, whole ? rowC : 64, k, whole && accumulate)
      if (!whole) storeEdge(to, rowC, rows, min(16, n - j), accumulate)
    }
    packed += (<usize>(lines * k)) << 6
  }
}

/** c [m, n] = a' b, or with `accumulate` c + a' b; a [k, m], b [k, n], neither packed. */
export function multiplyTransposed(
  a: usize,
  lda: i32,
  b: usize,
  ldb: i32,
  c: usize,
  ldc: i32,
  m: i32,
  k: i32,
  n: i32,
  accumulate: bool,
): void {
  multiplyTransposedLines(a, lda, 1, 0, b, ldb, c, ldc, m, k, n, accumulate)
}

/** The same, where after each k rows of a the next begin `pitch` floats from where these began, `lines` times; b [lines k, n]. */
export function multiplyTransposedLines(
  a: usize,
  lda: i32,
  lines: i32,
  pitch: i32,
  b: usize,
  ldb: i32,
  c: usize,
  ldc: i32,
  m: i32,
  k: i32,
  n: i32,
  accumulate: bool,
): void {
  const rowA = (<usize>lda) << 2
  const rowB = (<usize>ldb) << 2
  const rowC = (<usize>ldc) << 2
  const skip = (<usize>(pitch - k * lda)) << 2
  for (let j = 0; j < n; j += 16) {
    const fromB = b + ((<usize>j) << 2)
    for (let i = 0; i < m; i += 2) {
      const fromA = a + ((<usize>i) << 2)
      const to = c + <usize>i * rowC + ((<usize>j) << 2)
      const whole = i + 2 <= m && j + 16 <= n
      tileTransposed(fromA, rowA, lines, skip, fromB, rowB, whole ? to : edge, whole ? rowC : 64, k, whole && accumulate)
      if (!whole) storeEdge(to, rowC, min(2, m - i), min(16, n - j), accumulate)
    }
  }
}

/** c [2, 16] = a b (+ c): one window of a, and the other. Distances are in bytes; `skip` is from the end of a line to the next. */
function tile(a0: usize, a1: usize, lines: i32, skip: usize, b: usize, c: usize, rowC: usize, k: i32, accumulate: bool): void {
  let c00 = f32x4.splat(0)
  let c01 = f32x4.splat(0)
  let c02 = f32x4.splat(0)
  let c03 = f32x4.splat(0)
  let c10 = f32x4.splat(0)
  let c11 = f32x4.splat(0)
  let c12 = f32x4.splat(0)
  let c13 = f32x4.splat(0)
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < k; i++) {
      const b0 = v128.load(b)
      const b1 = v128.load(b, 16)
      const b2 = v128.load(b, 32)
      const b3 = v128.load(b, 48)
      let x = v128.load32_splat(a0)
      c00 = f32x4.add(c00, f32x4.mul(x, b0))
      c01 = f32x4.add(c01, f32x4.mul(x, b1))
      c02 = f32x4.add(c02, f32x4.mul(x, b2))
      c03 = f32x4.add(c03, f32x4.mul(x, b3))
      x = v128.load32_splat(a1)
      c10 = f32x4.add(c10, f32x4.mul(x, b0))
      c11 = f32x4.add(c11, f32x4.mul(x, b1))
      c12 = f32x4.add(c12, f32x4.mul(x, b2))
      c13 = f32x4.add(c13, f32x4.mul(x, b3))
      a0 += 4
      a1 += 4
      b += 64
    }
    a0 += skip
    a1 += skip
  }
  const second = c + rowC
  if (accumulate) {
    c00 = f32x4.add(c00, v128.load(c))
    c01 = f32x4.add(c01, v128.load(c, 16))
    c02 = f32x4.add(c02, v128.load(c, 32))
    c03 = f32x4.add(c03, v128.load(c, 48))
    c10 = f32x4.add(c10, v128.load(second))
    c11 = f32x4.add(c11, v128.load(second, 16))
    c12 = f32x4.add(c12, v128.load(second, 32))
    c13 = f32x4.add(c13, v128.load(second, 48))
  }
  v128.store(c, c00)
  v128.store(c, c01, 16)
  v128.store(c, c02, 32)
  v128.store(c, c03, 48)
  v128.store(second, c10)
  v128.store(second, c11, 16)
  v128.store(second, c12, 32)
  v128.store(second, c13, 48)
}

/**
 * c [2, 16] = a' b (+ c), a [k, 2], b [k, 16]. Distances are in bytes; `skip` is from the end of a line to the next. Written out once more:
 * one tile for both, with the steps as parameters, is 1 to 4 % slower.
 */
function tileTransposed(
  a: usize,
  rowA: usize,
  lines: i32,
  skip: usize,
  b: usize,
  rowB: usize,
  c: usize,
  rowC: usize,
  k: i32,
  accumulate: bool,
): void {
  let c00 = f32x4.splat(0)
  let c01 = f32x4.splat(0)
  let c02 = f32x4.splat(0)
  let c03 = f32x4.splat(0)
  let c10 = f32x4.splat(0)
  let c11 = f32x4.splat(0)
  let c12 = f32x4.splat(0)
  let c13 = f32x4.splat(0)
  for (let line = 0; line < lines; line++) {
    for (let i = 0; i < k; i++) {
      const b0 = v128.load(b)
      const b1 = v128.load(b, 16)
      const b2 = v128.load(b, 32)
      const b3 = v128.load(b, 48)
      let x = v128.load32_splat(a)
      c00 = f32x4.add(c00, f32x4.mul(x, b0))
      c01 = f32x4.add(c01, f32x4.mul(x, b1))
      c02 = f32x4.add(c02, f32x4.mul(x, b2))
      c03 = f32x4.add(c03, f32x4.mul(x, b3))
      x = v128.load32_splat(a, 4)
      c10 = f32x4.add(c10, f32x4.mul(x, b0))
      c11 = f32x4.add(c11, f32x4.mul(x, b1))
      c12 = f32x4.add(c12, f32x4.mul(x, b2))
      c13 = f32x4.add(c13, f32x4.mul(x, b3))
      a += rowA
      b += rowB
    }
    a += skip
  }
  const second = c + rowC
  if (accumulate) {
    c00 = f32x4.add(c00, v128.load(c))
    c01 = f32x4.add(c01, v128.load(c, 16))
    c02 = f32x4.add(c02, v128.load(c, 32))
    c03 = f32x4.add(c03, v128.load(c, 48))
    c10 = f32x4.add(c10, v128.load(second))
    c11 = f32x4.add(c11, v128.load(second, 16))
    c12 = f32x4.add(c12, v128.load(second, 32))
    c13 = f32x4.add(c13, v128.load(second, 48))
  }
  v128.store(c, c00)
  v128.store(c, c01, 16)
  v128.store(c, c02, 32)
  v128.store(c, c03, 48)
  v128.store(second, c10)
  v128.store(second, c11, 16)
  v128.store(second, c12, 32)
  v128.store(second, c13, 48)
}

/** Puts (or adds) the part of `edge` that lies in the matrix where it belongs. */
function storeEdge(c: usize, rowC: usize, rows: i32, columns: i32, accumulate: bool): void {
  for (let r = 0; r < rows; r++) {
    const from = edge + ((<usize>r) << 6)
    const to = c + <usize>r * rowC
    for (let j = 0; j < columns; j += 4) {
      const at = (<usize>j) << 2
      let value = v128.load(from + at)
      if (accumulate) value = f32x4.add(value, v128.load(to + at))
      storeLanes(to + at, value, columns - j)
    }
  }
}
