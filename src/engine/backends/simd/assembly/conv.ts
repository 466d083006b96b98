import { addTo, copy } from './lanes'
import { multiply, multiplyTransposed, pack, packedSize, packTransposed } from './matmul'

// Convolution of any shape as matrix products over patches: the inputs of a block of output pixels side by side. A 1x1 kernel with
// stride 1 and no border (a dense layer) is a product as it is.

/** output pixels that are computed together */
const PIXELS: i32 = 64

/** floats of scratch for each of the three functions below */
export function convScratch(channels: i32, outChannels: i32, kernel: i32): i32 {
  const inputs = kernel * kernel * channels
  return packedSize(max(inputs, outChannels), max(inputs, outChannels)) + PIXELS * inputs
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
  const patches = scratch + ((<usize>packedSize(inputs, outChannels)) << 2)
  pack(weight, outChannels, inputs, outChannels, scratch)
  if (bias) fillRows(bias, y, count, outChannels)
  const asItIs = kernel === 1 && stride === 1 && border === 0
  for (let first = 0; first < count; first += PIXELS) {
    const many = min(PIXELS, count - first)
    let from = patches
    if (asItIs) from = x + ((<usize>(first * channels)) << 2)
    else gather(x, patches, first, many, height, width, channels, outHeight, outWidth, kernel, stride, border)
    const to = y + ((<usize>(first * outChannels)) << 2)
    multiply(from, inputs, scratch, to, outChannels, many, inputs, outChannels, bias !== 0)
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
  const inputs = kernel * kernel * channels
  const count = batch * outHeight * outWidth
  const asItIs = kernel === 1 && stride === 1 && border === 0
  for (let first = 0; first < count; first += PIXELS) {
    const many = min(PIXELS, count - first)
    let from = scratch
    if (asItIs) from = x + ((<usize>(first * channels)) << 2)
    else gather(x, scratch, first, many, height, width, channels, outHeight, outWidth, kernel, stride, border)
    const by = dy + ((<usize>(first * outChannels)) << 2)
    multiplyTransposed(from, inputs, by, outChannels, gradient, outChannels, inputs, many, outChannels, first > 0)
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

/** patches [many, kernel, kernel, channels] of the output pixels from `first` on, zeros beyond the border */
function gather(
  x: usize,
  patches: usize,
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
    // Pixels of a line of the patch that lie in the picture.
    const begin = max(0, -column)
    const end = min(kernel, width - column)
    const skipped = <usize>begin * pixel
    for (let ky = 0; ky < kernel; ky++) {
      if (row + ky < 0 || row + ky >= height || begin >= end) memory.fill(patches, 0, line)
      else {
        if (end - begin < kernel) memory.fill(patches, 0, line)
        copy(patches + skipped, x + <usize>((picture + row + ky) * width + column) * pixel + skipped, (end - begin) * channels)
      }
      patches += line
    }
  }
}

/** The reverse of `gather`: adds each patch to where it came from. */
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
