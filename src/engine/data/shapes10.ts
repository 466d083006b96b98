import { randomStream } from '../random.ts'
import { type Dataset, type DatasetManifest, IMAGE_BYTES, IMAGE_SIDE } from './dataset.ts'

const TRAIN_PER_CLASS = 1_000
const TEST_PER_CLASS = 200
/** half the width of the uniform noise on each channel, of 255 */
const NOISE = 20
/** share of pictures whose shape is lighter than its ground */
const LIGHTER = 0.75

/** Signed distance to each shape's edge, negative inside, at (x, y) from its center with radius r; all in pixels. */
const shapes: Record<string, (x: number, y: number, r: number) => number> = {
  circle: (x, y, r) => Math.hypot(x, y) - r,
  square: (x, y, r) => Math.max(Math.abs(x), Math.abs(y)) - 0.85 * r,
  triangle: (x, y, r) => Math.max(0.866 * Math.abs(x) - 0.5 * y, y) - 0.6 * r,
  plus: (x, y, r) => plus(x, y, r),
  cross: (x, y, r) => plus((x + y) * Math.SQRT1_2, (x - y) * Math.SQRT1_2, r),
  ring: (x, y, r) => Math.abs(Math.hypot(x, y) - 0.78 * r) - 0.22 * r,
  frame: (x, y, r) => Math.abs(Math.max(Math.abs(x), Math.abs(y)) - 0.7 * r) - 0.2 * r,
  rows: (x, y, r) => Math.max(Math.abs(x) - 0.9 * r, Math.abs(Math.abs(y) - 0.55 * r) - 0.25 * r),
  columns: (x, y, r) => Math.max(Math.abs(y) - 0.9 * r, Math.abs(Math.abs(x) - 0.55 * r) - 0.25 * r),
  star: (x, y, r) => Math.hypot(x, y) - r * (0.62 + 0.38 * Math.cos(5 * Math.atan2(x, -y))),
}

function plus(x: number, y: number, r: number): number {
  return Math.min(bar(x, y, r), bar(y, x, r))
}

/** A function of its own: a closure made for every pixel is slow. */
function bar(along: number, across: number, r: number): number {
  return Math.max(Math.abs(along) - r, Math.abs(across) - 0.28 * r)
}

const outlines = Object.values(shapes)

const manifest: DatasetManifest = {
  schema: 'tabswarm/dataset/1',
  name: 'shapes10',
  title: 'Shapes-10',
  classes: outlines.length,
  classNames: Object.keys(shapes),
  mean: [0.5, 0.5, 0.5],
  std: [0.25, 0.25, 0.25],
  trainClassCounts: outlines.map(() => TRAIN_PER_CLASS),
  testRecords: TEST_PER_CLASS * outlines.length,
  source: 'drawn by this program',
}

/**
 * Ten shapes in random place, size, tilt and colors, lighter or darker than the ground, under noise: built in, needs no download, and
 * hard for a linear model. Every picture follows from its number alone, so a worker draws only its shard.
 */
export const shapes10: Dataset = {
  manifest,
  async trainRecords() {
    const classes = outlines.length
    return Uint32Array.from(
      { length: classes * TRAIN_PER_CLASS },
      (_, i) => (i % TRAIN_PER_CLASS) * classes + Math.floor(i / TRAIN_PER_CLASS),
    )
  },
  async trainImages(start, count) {
    return draw(count, (i) => ['train', Math.floor((start + i) / TRAIN_PER_CLASS), (start + i) % TRAIN_PER_CLASS])
  },
  async testLabels() {
    return Uint8Array.from({ length: manifest.testRecords }, (_, i) => i % outlines.length)
  },
  async testImages(count) {
    return draw(count, (i) => ['test', i % outlines.length, Math.floor(i / outlines.length)])
  },
}

function draw(count: number, which: (i: number) => [split: string, label: number, index: number]): Uint8Array {
  const images = new Uint8Array(count * IMAGE_BYTES)
  for (let i = 0; i < count; i++) drawPicture(images.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES), ...which(i))
  return images
}

function drawPicture(into: Uint8Array, split: string, label: number, index: number): void {
  const random = randomStream(10, 'shapes10', split, label, index)
  const between = (low: number, high: number) => low + (high - low) * random.uniform()
  const radius = between(7, 12)
  const [centerX, centerY] = [between(-4, 4), between(-4, 4)].map((shift) => (IMAGE_SIDE - 1) / 2 + shift)
  const tilt = between(-0.25, 0.25)
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)]
  const ground = [0, 1, 2].map(() => between(60, 150))
  const sign = random.uniform() < LIGHTER ? 1 : -1
  const ink = ground.map((value) => value + sign * between(50, 100))
  let out = 0
  for (let row = 0; row < IMAGE_SIDE; row++)
    for (let column = 0; column < IMAGE_SIDE; column++) {
      const [dx, dy] = [column - centerX, row - centerY]
      const distance = outlines[label](cos * dx + sin * dy, cos * dy - sin * dx, radius)
      const coverage = Math.min(1, Math.max(0, 0.5 - distance))
      const noise = random.bits()
      for (let channel = 0; channel < 3; channel++) {
        const byte = (noise >>> (8 * channel)) & 255
        const value = ground[channel] + coverage * (ink[channel] - ground[channel]) + (byte / 127.5 - 1) * NOISE
        into[out++] = Math.min(255, Math.max(0, Math.round(value)))
      }
    }
}
