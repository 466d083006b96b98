import { addTo } from './lanes'
import { multiply, multiplyTransposed, multiplyTransposedLines, multiplyWindows, pack, packedSize, packTransposed } from './matmul'
import { paddedSize, padPicture } from './padded'

// Convolution of any shape as matrix products over windows of a padded picture. A 1x1 kernel with stride 1 and no border (a dense layer)
// is a product as it is.

/** output pixels that are computed together */
const PIXELS: i32 = 64

/** floats of scratch for each of the three functions below */
export function convScratch(height: i32, width: i32, channels: i32, outChannels: i32, kernel: i32, border: i32): i32 {
  const inputs = kernel * kernel * channels
  return packedSize(max(inputs, outChannels), max(inputs, outChannels)) + max(PIXELS * inputs, paddedSize(height, width, channels, border))
}

/** y = conv(x, weight [kernel, kernel, channels, outChannels]) (+ bias) */
export function conv(
  x: usize,
  weight: usize,
  bias: usize,
  y: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
  kernel: i32,
  stride: i32,
  border: i32,
  scratch: usize,
): void {
  const inputs = kernel * kernel * channels
  const count = batch * outHeight * outWidth
  pack(weight, outChannels, inputs, outChannels, scratch)
  if (bias) fillRows(bias, y, count, outChannels)
  if (kernel === 1 && stride === 1 && border === 0) {
    for (let first = 0; first < count; first += PIXELS) {
      const from = x + ((<usize>(first * channels)) << 2)
      const to = y + ((<usize>(first * outChannels)) << 2)
      multiply(from, inputs, scratch, to, outChannels, min(PIXELS, count - first), inputs, outChannels, bias !== 0)
    }
    return
  }
  const padded = scratch + ((<usize>packedSize(inputs, outChannels)) << 2)
  const picture = (<usize>(height * width * channels)) << 2
  const pitch = (width + 2 * border) * channels
  memory.fill(padded, 0, (<usize>paddedSize(height, width, channels, border)) << 2)
  for (let n = 0; n < batch; n++) {
    padPicture(x + <usize>n * picture, height, width, channels, border, padded)
    for (let row = 0; row < outHeight; row++) {
      const from = padded + ((<usize>(row * stride * pitch)) << 2)
      const to = y + ((<usize>((n * outHeight + row) * outWidth * outChannels)) << 2)
      const line = kernel * channels
      multiplyWindows(from, stride * channels, kernel, pitch, scratch, to, outChannels, outWidth, line, outChannels, bias !== 0)
    }
  }
}

/** dx = the gradient of the input (+ addend) */
export function convInputGradient(
  dy: usize,
  weight: usize,
  addend: usize,
  dx: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
  kernel: i32,
  stride: i32,
  border: i32,
  scratch: usize,
): void {
  const inputs = kernel * kernel * channels
  const count = batch * outHeight * outWidth
  const patches = scratch + ((<usize>packedSize(outChannels, inputs)) << 2)
  const size = (<usize>(batch * height * width * channels)) << 2
  const asItIs = kernel === 1 && stride === 1 && border === 0
  packTransposed(weight, outChannels, outChannels, inputs, scratch)
  if (addend) memory.copy(dx, addend, size)
  else if (!asItIs) memory.fill(dx, 0, size)
  if (asItIs) {
    multiply(dy, outChannels, scratch, dx, channels, count, outChannels, channels, addend !== 0)
    return
  }
  for (let first = 0; first < count; first += PIXELS) {
    const many = min(PIXELS, count - first)
    const from = dy + ((<usize>(first * outChannels)) << 2)
    multiply(from, outChannels, scratch, patches, inputs, many, outChannels, inputs, false)
    scatter(patches, dx, first, many, height, width, channels, outHeight, outWidth, kernel, stride, border)
  }
}

/** gradient [kernel, kernel, channels, outChannels] of the weights */
export function convFilterGradient(
  x: usize,
  dy: usize,
  gradient: usize,
  batch: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  outChannels: i32,
  kernel: i32,
  stride: i32,
  border: i32,
  scratch: usize,
): void {
  if (kernel === 1 && stride === 1 && border === 0) {
    const count = batch * outHeight * outWidth
    for (let first = 0; first < count; first += PIXELS) {
      const from = x + ((<usize>(first * channels)) << 2)
      const by = dy + ((<usize>(first * outChannels)) << 2)
      const many = min(PIXELS, count - first)
      multiplyTransposed(from, channels, by, outChannels, gradient, outChannels, channels, many, outChannels, first > 0)
    }
    return
  }
  const picture = (<usize>(height * width * channels)) << 2
  const pitch = (width + 2 * border) * channels
  const line = kernel * channels
  const rows = max(1, PIXELS / outWidth)
  memory.fill(scratch, 0, (<usize>paddedSize(height, width, channels, border)) << 2)
  for (let n = 0; n < batch; n++) {
    padPicture(x + <usize>n * picture, height, width, channels, border, scratch)
    for (let row = 0; row < outHeight; row += rows) {
      const many = min(rows, outHeight - row)
      const by = dy + ((<usize>((n * outHeight + row) * outWidth * outChannels)) << 2)
      const adds = n > 0 || row > 0
      for (let ky = 0; ky < kernel; ky++) {
        const from = scratch + ((<usize>((row * stride + ky) * pitch)) << 2)
        const to = gradient + ((<usize>(ky * line * outChannels)) << 2)
        const apart = stride * channels
        multiplyTransposedLines(from, apart, many, stride * pitch, by, outChannels, to, outChannels, line, outWidth, outChannels, adds)
      }
    }
  }
}

/** sums [columns] of matrix [rows, columns] over its rows */
export function rowSum(matrix: usize, rows: i32, columns: i32, sums: usize): void {
  const size = (<usize>columns) << 2
  memory.fill(sums, 0, size)
  for (let r = 0; r < rows; r++) {
    addTo(sums, matrix, columns)
    matrix += size
  }
}

/** Every row of matrix [rows, columns] becomes `row`. */
function fillRows(row: usize, matrix: usize, rows: i32, columns: i32): void {
  const size = (<usize>columns) << 2
  for (let r = 0; r < rows; r++) {
    memory.copy(matrix, row, size)
    matrix += size
  }
}

/** Adds patches [many, kernel, kernel, channels] of the output pixels from `first` on to where they came from; none beyond the border. */
function scatter(
  patches: usize,
  dx: usize,
  first: i32,
  many: i32,
  height: i32,
  width: i32,
  channels: i32,
  outHeight: i32,
  outWidth: i32,
  kernel: i32,
  stride: i32,
  border: i32,
): void {
  const pixel = (<usize>channels) << 2
  const line = <usize>kernel * pixel
  for (let i = first; i < first + many; i++) {
    const column = (i % outWidth) * stride - border
    const row = ((i / outWidth) % outHeight) * stride - border
    const picture = (i / outWidth / outHeight) * height
    const begin = max(0, -column)
    const end = min(kernel, width - column)
    const skipped = <usize>begin * pixel
    for (let ky = 0; ky < kernel; ky++) {
      if (row + ky >= 0 && row + ky < height && begin < end)
        addTo(dx + <usize>((picture + row + ky) * width + column) * pixel + skipped, patches + skipped, (end - begin) * channels)
      patches += line
    }
  }
}
