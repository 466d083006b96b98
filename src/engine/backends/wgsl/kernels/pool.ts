import type { OperationOf } from '../../../plan/index.ts'
import { type Kernel, typeOf, widthFor } from '../kernel.ts'

export function maxPool({ shape: { batch, height, width, channels, size }, x, y }: OperationOf<'max-pool'>): Kernel {
  const loaded = widthFor(channels)
  const outHeight = Math.floor(height / size)
  const outWidth = Math.floor(width / size)
  return {
    name: 'max pool',
    buffers: { x: { at: x, as: typeOf(loaded) }, y: { at: y, as: typeOf(loaded), writes: true } },
    integers: { height, width, channels: channels / loaded, outHeight, outWidth },
    threads: (batch * outHeight * outWidth * channels) / loaded,
    body: `
${corner(size)}
var largest = x[base];
for (var dy = 0; dy < ${size}; dy++) { for (var dx = 0; dx < ${size}; dx++) {
  largest = max(largest, x[base + (dy * g.width + dx) * g.channels]);
} }
y[i] = largest;`,
  }
}

/** A thread writes the gradients of one square; rows and columns beyond the last square get zero. */
export function maxPoolGradient({ shape, x, y, dy, dx }: OperationOf<'max-pool-gradient'>): Kernel[] {
  const { batch, height, width, channels, size } = shape
  const loaded = widthFor(channels)
  const as = typeOf(loaded)
  const outHeight = Math.floor(height / size)
  const outWidth = Math.floor(width / size)
  const squares: Kernel = {
    name: 'max pool gradient',
    buffers: { x: { at: x, as }, y: { at: y, as }, dy: { at: dy, as }, dx: { at: dx, as, writes: true } },
    integers: { height, width, channels: channels / loaded, outHeight, outWidth },
    threads: (batch * outHeight * outWidth * channels) / loaded,
    body: `
${corner(size)}
let largest = y[i];
var left = dy[i];
for (var dy_ = 0; dy_ < ${size}; dy_++) { for (var dx_ = 0; dx_ < ${size}; dx_++) {
  let at = base + (dy_ * g.width + dx_) * g.channels;
  let takes = x[at] == largest;
  dx[at] = select(${as}(), left, takes);
  left = select(left, ${as}(), takes);
} }`,
  }
  if (height % size === 0 && width % size === 0) return [squares]
  const cleared: Kernel = {
    name: 'clear',
    buffers: { dx: { at: dx, as, writes: true } },
    integers: {},
    threads: dx.size / loaded,
    body: `dx[i] = ${as}();`,
  }
  return [cleared, squares]
}

/** `base`: the first element of the square of output element i */
const corner = (size: number) => `
let c = i % g.channels;
let ox = (i / g.channels) % g.outWidth;
let oy = (i / g.channels / g.outWidth) % g.outHeight;
let n = i / g.channels / g.outWidth / g.outHeight;
let base = ((n * g.height + oy * ${size}) * g.width + ox * ${size}) * g.channels + c;`

export function meanPool({ shape: { batch, positions, channels }, x, y }: OperationOf<'mean-pool'>): Kernel {
  const width = widthFor(channels)
  return {
    name: 'mean pool',
    buffers: { x: { at: x, as: typeOf(width) }, y: { at: y, as: typeOf(width), writes: true } },
    integers: { positions, channels: channels / width },
    threads: (batch * channels) / width,
    body: `
let c = i % g.channels;
let n = i / g.channels;
var sum = ${typeOf(width)}();
for (var p = 0; p < g.positions; p++) { sum = sum + x[(n * g.positions + p) * g.channels + c]; }
y[i] = sum / f32(g.positions);`,
  }
}

export function meanPoolGradient({ shape: { positions, channels }, dy, dx }: OperationOf<'mean-pool-gradient'>): Kernel {
  const width = widthFor(channels)
  return {
    name: 'mean pool gradient',
    buffers: { dy: { at: dy, as: typeOf(width) }, dx: { at: dx, as: typeOf(width), writes: true } },
    integers: { positions, channels: channels / width },
    threads: dx.size / width,
    body: `dx[i] = dy[i / g.channels / g.positions * g.channels + i % g.channels] / f32(g.positions);`,
  }
}
