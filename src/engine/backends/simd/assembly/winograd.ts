import { multiply, multiplyTransposed, packedSize } from './matmul'
import { transformFilterGradient, transformFilters, transformTurnedFilters } from './winograd-filters'
import { APART, TILES, transformInput, transformOutput, transformOutputGradient } from './winograd-tiles'

// Convolution with a 3x3 kernel, stride 1 and a border of 1 by Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks"
// (2016), F(2x2, 3x3): pictures are cut into tiles of 2x2 outputs, which need 4x4 inputs; transformed, a convolution is 16 matrix products
// with 16 instead of 36 multiplications a tile. Height and width are even, channel numbers divide by 4.

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
