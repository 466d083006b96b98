import { multiply, multiplyTransposed, packedSize } from './matmul'
import { paddedSize, padPicture } from './padded'
import { transformFilterGradient, transformFilters, transformTurnedFilters } from './winograd-filters'
import { APART, TILES, tilesOf, transformInput, transformOutput, transformOutputGradient } from './winograd-tiles'

// Convolution with a 3x3 kernel, stride 1 and a border of 1 by Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks"
// (2016), F(4x4, 3x3): pictures are cut into tiles of 4x4 outputs, which need 6x6 inputs; transformed, a convolution is 36 matrix products
// with 36 instead of 144 multiplications a tile. Height, width and channel numbers divide by 4.

/** numbers of a transformed tile */
const POINTS: i32 = 36

/** floats of the transformed tiles of a block */
function blockSize(channels: i32): i32 {
  return POINTS * (TILES * channels + APART)
}

/** floats of scratch for `winogradConv` */
export function winogradConvScratch(height: i32, width: i32, channels: i32, outChannels: i32): i32 {
  return POINTS * packedSize(channels, outChannels) + blockSize(channels) + blockSize(outChannels) + paddedSize(height, width, channels, 1)
}

/** floats of scratch for `winogradFilterGradient` */
export function winogradFilterScratch(height: i32, width: i32, channels: i32, outChannels: i32): i32 {
  return POINTS * channels * outChannels + blockSize(channels) + blockSize(outChannels) + paddedSize(height, width, channels, 1)
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
  const tiles = filters + ((<usize>(POINTS * panel)) << 2)
  const products = tiles + ((<usize>blockSize(channels)) << 2)
  const padded = products + ((<usize>blockSize(outChannels)) << 2)
  if (turned) transformTurnedFilters(weight, channels, outChannels, filters)
  else transformFilters(weight, channels, outChannels, filters)
  memory.fill(padded, 0, (<usize>paddedSize(height, width, channels, 1)) << 2)

  const count = batch * tilesOf(height, width)
  for (let first = 0; first < count; first += TILES) {
    const many = min(TILES, count - first)
    transformInputs(x, padded, first, many, height, width, channels, tiles)
    for (let i = 0; i < POINTS; i++) {
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
  const tiles = sums + ((<usize>(POINTS * size)) << 2)
  const dTiles = tiles + ((<usize>blockSize(channels)) << 2)
  const padded = dTiles + ((<usize>blockSize(outChannels)) << 2)
  memory.fill(padded, 0, (<usize>paddedSize(height, width, channels, 1)) << 2)

  const count = batch * tilesOf(height, width)
  for (let first = 0; first < count; first += TILES) {
    const many = min(TILES, count - first)
    transformInputs(x, padded, first, many, height, width, channels, tiles)
    for (let t = 0; t < many; t++)
      transformOutputGradient(dy, first + t, height, width, outChannels, dTiles + ((<usize>(t * outChannels)) << 2))
    for (let i = 0; i < POINTS; i++) {
      const a = tiles + ((<usize>(i * (TILES * channels + APART))) << 2)
      const b = dTiles + ((<usize>(i * (TILES * outChannels + APART))) << 2)
      const to = sums + ((<usize>(i * size)) << 2)
      multiplyTransposed(a, channels, b, outChannels, to, outChannels, channels, many, outChannels, first > 0)
    }
  }
  transformFilterGradient(sums, size, gradient)
}

/** Transforms the tiles from `first` on; `padded` holds the picture that the tile before `first` is of. */
function transformInputs(x: usize, padded: usize, first: i32, many: i32, height: i32, width: i32, channels: i32, tiles: usize): void {
  const perPicture = tilesOf(height, width)
  const picture = (<usize>(height * width * channels)) << 2
  for (let t = 0; t < many; t++) {
    const at = (first + t) % perPicture
    if (at === 0) padPicture(x + <usize>((first + t) / perPicture) * picture, height, width, channels, 1, padded)
    transformInput(padded, at, width, channels, tiles + ((<usize>(t * channels)) << 2))
  }
}
