import { add } from './pointwise'

/** side of a picture in pixels, and its channels */
const SIDE: i32 = 32
const CHANNELS: i32 = 3

/** y [batch, patches, features] of x [batch, 32, 32, 3], or with a shift of it and its four shifted copies */
export function patches(x: usize, y: usize, batch: i32, size: i32, shift: i32): void {
  const copies = shift === 0 ? 1 : 5
  const across = SIDE / size
  const features = size * size * copies * CHANNELS
  for (let n = 0; n < batch; n++)
    for (let row = 0; row < SIDE; row++)
      for (let column = 0; column < SIDE; column++) {
        const patch = (n * across + row / size) * across + column / size
        let to = y + ((<usize>(patch * features + ((row % size) * size + (column % size)) * copies * CHANNELS)) << 2)
        for (let copy = 0; copy < copies; copy++) {
          // The content moves down and right, down and left, up and right, up and left.
          const down = copy === 0 ? 0 : copy < 3 ? shift : -shift
          const right = copy === 0 ? 0 : copy & 1 ? shift : -shift
          const r = row - down
          const c = column - right
          const inside = r >= 0 && r < SIDE && c >= 0 && c < SIDE
          const from = x + ((<usize>(((n * SIDE + r) * SIDE + c) * CHANNELS)) << 2)
          for (let channel = 0; channel < CHANNELS; channel++) {
            store<f32>(to, inside ? load<f32>(from + ((<usize>channel) << 2)) : 0)
            to += 4
          }
        }
      }
}

/** The class token in front of x [batch, rows, columns], and a position added to each row. */
export function tokens(x: usize, classToken: usize, position: usize, y: usize, batch: i32, rows: i32, columns: i32): void {
  const row = (<usize>columns) << 2
  for (let n = 0; n < batch; n++) {
    add(classToken, position, y, columns)
    add(x, position + row, y + row, rows * columns)
    x += <usize>rows * row
    y += <usize>(rows + 1) * row
  }
}

/** Gradients of class token and positions, and dx unless it is 0; rows and columns are those of x. */
export function tokensGradient(
  dy: usize,
  classGradient: usize,
  positionGradient: usize,
  dx: usize,
  batch: i32,
  rows: i32,
  columns: i32,
): void {
  const row = (<usize>columns) << 2
  const picture = <usize>(rows + 1) * row
  memory.copy(positionGradient, dy, picture)
  for (let n = 1; n < batch; n++) add(positionGradient, dy + <usize>n * picture, positionGradient, (rows + 1) * columns)
  memory.copy(classGradient, positionGradient, row)
  if (!dx) return
  for (let n = 0; n < batch; n++) memory.copy(dx + <usize>n * (picture - row), dy + <usize>n * picture + row, picture - row)
}

/** The first row of each [batch, rows, columns]. */
export function firstRow(x: usize, y: usize, batch: i32, rows: i32, columns: i32): void {
  const row = (<usize>columns) << 2
  for (let n = 0; n < batch; n++) memory.copy(y + <usize>n * row, x + <usize>(n * rows) * row, row)
}

export function firstRowGradient(dy: usize, dx: usize, batch: i32, rows: i32, columns: i32): void {
  const row = (<usize>columns) << 2
  memory.fill(dx, 0, <usize>(batch * rows) * row)
  for (let n = 0; n < batch; n++) memory.copy(dx + <usize>(n * rows) * row, dy + <usize>n * row, row)
}
