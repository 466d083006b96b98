import { storeLanes } from './lanes'

/** y: the largest of each size x size square of x [batch, height, width, channels] */
export function maxPool(x: usize, y: usize, batch: i32, height: i32, width: i32, channels: i32, size: i32): void {
  const outHeight = height / size
  const outWidth = width / size
  for (let n = 0; n < batch; n++)
    for (let row = 0; row < outHeight; row++)
      for (let column = 0; column < outWidth; column++)
        for (let c = 0; c < channels; c += 4) {
          const corner = x + ((<usize>(((n * height + row * size) * width + column * size) * channels + c)) << 2)
          let largest = v128.load(corner)
          for (let i = 0; i < size; i++)
            for (let j = 0; j < size; j++) largest = f32x4.pmax(largest, v128.load(corner + ((<usize>((i * width + j) * channels)) << 2)))
          storeLanes(y + ((<usize>(((n * outHeight + row) * outWidth + column) * channels + c)) << 2), largest, channels - c)
        }
}

/** The first largest of each square takes the gradient; what lies in no square has none. */
export function maxPoolGradient(
  x: usize,
  y: usize,
  dy: usize,
  dx: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  size: i32,
): void {
  const outHeight = height / size
  const outWidth = width / size
  if (height % size || width % size) memory.fill(dx, 0, (<usize>(batch * height * width * channels)) << 2)
  for (let n = 0; n < batch; n++)
    for (let row = 0; row < outHeight; row++)
      for (let column = 0; column < outWidth; column++)
        for (let c = 0; c < channels; c += 4) {
          const corner = (<usize>(((n * height + row * size) * width + column * size) * channels + c)) << 2
          const at = (<usize>(((n * outHeight + row) * outWidth + column) * channels + c)) << 2
          const largest = v128.load(y + at)
          let left = v128.load(dy + at)
          for (let i = 0; i < size; i++)
            for (let j = 0; j < size; j++) {
              const k = corner + ((<usize>((i * width + j) * channels)) << 2)
              const takes = f32x4.eq(v128.load(x + k), largest)
              storeLanes(dx + k, v128.and(left, takes), channels - c)
              left = v128.andnot(left, takes)
            }
        }
}

/** y [batch, channels]: the mean over the positions of x [batch, positions, channels] */
export function meanPool(x: usize, y: usize, batch: i32, positions: i32, channels: i32): void {
  const share = f32x4.splat(<f32>positions)
  for (let n = 0; n < batch; n++)
    for (let c = 0; c < channels; c += 4) {
      let sum = f32x4.splat(0)
      for (let p = 0; p < positions; p++) sum = f32x4.add(sum, v128.load(x + ((<usize>((n * positions + p) * channels + c)) << 2)))
      storeLanes(y + ((<usize>(n * channels + c)) << 2), f32x4.div(sum, share), channels - c)
    }
}

export function meanPoolGradient(dy: usize, dx: usize, batch: i32, positions: i32, channels: i32): void {
  const share = f32x4.splat(<f32>positions)
  for (let n = 0; n < batch; n++)
    for (let p = 0; p < positions; p++)
      for (let c = 0; c < channels; c += 4) {
        const value = f32x4.div(v128.load(dy + ((<usize>(n * channels + c)) << 2)), share)
        storeLanes(dx + ((<usize>((n * positions + p) * channels + c)) << 2), value, channels - c)
      }
}
