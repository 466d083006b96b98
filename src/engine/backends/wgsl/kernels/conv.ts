import { type ConvShape, convFlops, type OperationOf } from '../../../plan/index.ts'
import { component, type Kernel, lines, typeOf, widthFor } from '../kernel.ts'
import { type ConvTile, divisorUpTo } from '../tiles.ts'

/**
 * A thread computes `pixels` neighboring pixels of a row in `channels` channels, all in registers: every column of pictures that it
 * loads serves several taps of the kernel, and every weight all of its pixels.
 */
interface Tile {
  pixels: number
  channels: number
  /** the last strip of a row may be cut off */
  ragged: boolean
}

/** y = x * weight [+ bias] */
export function conv({ shape, x, weight, bias, y }: OperationOf<'conv'>, wanted: ConvTile): Kernel {
  const { channels, outChannels, kernel, stride, pad, outWidth } = shape
  const reduced = wanted.loaded === 1 ? 1 : widthFor(channels)
  const made = widthFor(outChannels, weight.offset, bias?.offset ?? 0)
  const tile = tileFor(outWidth, outChannels, made, wanted, 1)
  const columns = (tile.pixels - 1) * stride + kernel
  const guarded = (q: number) => tile.ragged || q < pad || q >= columns - pad
  const groups = tile.channels / made
  // Weights and bias are both in the parameter vector.
  const start = (c: number) => (bias ? `w[g.bias + block * ${groups} + ${c}]` : `${typeOf(made)}()`)
  return {
    name: 'conv',
    buffers: {
      x: { at: x, as: typeOf(reduced) },
      w: { at: 'parameters', as: typeOf(made) },
      y: { at: y, as: typeOf(made), writes: true },
    },
    integers: { ...integersFor(shape, weight.offset, Math.ceil(outWidth / tile.pixels)), bias: (bias?.offset ?? 0) / made },
    flops: convFlops(shape),
    threads: shape.batch * shape.outHeight * Math.ceil(outWidth / tile.pixels) * (outChannels / tile.channels),
    body: `
${placeOf(tile, 'g.outChannels', 'oy', 'g.outHeight')}
let left = strip * ${tile.pixels * stride} - ${pad};
${lines(groups, (c) => lines(tile.pixels, (p) => `var a${p}_${c} = ${start(c)};`))}
${columnGuards(columns, guarded, 'g.width')}
for (var ky = 0; ky < ${kernel}; ky++) {
  let iy = oy * ${stride} + ky - ${pad};
  if (iy < 0 || iy >= g.height) { continue; }
  let line = (n * g.height + iy) * g.width;
  for (var c = 0; c < g.channels / ${reduced}; c++) {
${columnLoads(columns, guarded, 'x', `g.channels / ${reduced}`)}
${lines(
  kernel,
  (kx) => `{
    let at = (g.weight + ((ky * ${kernel} + ${kx}) * g.channels + c * ${reduced}) * g.outChannels) / ${made} + block * ${groups};
${lines(
  reduced,
  (k) => `    {
${lines(groups, (c) => `let w${c} = w[at + ${k} * (g.outChannels / ${made}) + ${c}];`)}
${lines(tile.pixels, (p) => lines(groups, (c) => `a${p}_${c} = a${p}_${c} + ${component(`v${p * stride + kx}`, reduced, k)} * w${c};`))}
    }`,
)}
  }`,
)}
  }
}
let to = ((n * g.outHeight + oy) * g.outWidth + strip * ${tile.pixels}) * (g.outChannels / ${made}) + block * ${groups};
${stores(tile, 'g.outWidth', (p) => lines(groups, (c) => `y[to + ${p} * (g.outChannels / ${made}) + ${c}] = a${p}_${c};`))}`,
  }
}

/** dx = dy * weight, transposed [+ addend] */
export function convInputGradient({ shape, dy, weight, addend, dx }: OperationOf<'conv-input-gradient'>, wanted: ConvTile): Kernel {
  const { width, channels, outChannels, kernel, stride, pad } = shape
  const reduced = wanted.loaded === 1 ? 1 : widthFor(outChannels, weight.offset)
  const made = widthFor(channels)
  const tile = tileFor(width, channels, made, wanted, stride)
  // Pixel p of the strip takes tap kx from output column (p + pad - kx) / stride, counted from the strip's first, if that is whole.
  const first = Math.ceil((pad - kernel + 1) / stride)
  const last = Math.floor((tile.pixels - 1 + pad) / stride)
  const columnOf = (p: number, kx: number) => ((p + pad - kx) % stride === 0 ? (p + pad - kx) / stride - first : null)
  const columns = last - first + 1
  const inside = (q: number) => (q + first) * stride < tile.pixels + 2 * pad - kernel + 1
  const guarded = (q: number) => tile.ragged || q + first < 0 || !inside(q)
  const store = (p: number) =>
    lines(tile.channels / made, (c) => {
      const value = made === 4 ? `vec4f(${[0, 1, 2, 3].map((k) => `a${p}_${c * 4 + k}`).join(', ')})` : `a${p}_${c}`
      const at = `to + ${p} * (g.channels / ${made}) + ${c}`
      return `dx[${at}] = ${value}${addend ? ` + addend[${at}]` : ''};`
    })
  return {
    name: 'conv input gradient',
    buffers: {
      dy: { at: dy, as: typeOf(reduced) },
      w: { at: 'parameters', as: typeOf(reduced) },
      ...(addend && { addend: { at: addend, as: typeOf(made) } }),
      dx: { at: dx, as: typeOf(made), writes: true },
    },
    integers: integersFor(shape, weight.offset, Math.ceil(width / tile.pixels)),
    flops: convFlops(shape),
    threads: shape.batch * shape.height * Math.ceil(width / tile.pixels) * (channels / tile.channels),
    body: `
${placeOf(tile, 'g.channels', 'iy', 'g.height')}
let left = strip * ${tile.pixels / stride} + ${first};
${lines(tile.channels, (c) => lines(tile.pixels, (p) => `var a${p}_${c} = 0.0;`))}
${columnGuards(columns, guarded, 'g.outWidth')}
for (var ky = 0; ky < ${kernel}; ky++) {
  let t = iy + ${pad} - ky;
  let oy = t / ${stride};
  if (t < 0 || oy * ${stride} != t || oy >= g.outHeight) { continue; }
  let line = (n * g.outHeight + oy) * g.outWidth;
  for (var c = 0; c < g.outChannels / ${reduced}; c++) {
${columnLoads(columns, guarded, 'dy', `g.outChannels / ${reduced}`)}
${lines(
  kernel,
  (kx) => `{
    let at = (g.weight + ((ky * ${kernel} + ${kx}) * g.channels + block * ${tile.channels}) * g.outChannels) / ${reduced} + c;
${lines(
  tile.channels,
  (ci) => `    {
let w0 = w[at + ${ci} * (g.outChannels / ${reduced})];
${lines(tile.pixels, (p) => {
  const q = columnOf(p, kx)
  if (q === null) return ''
  return `a${p}_${ci} = a${p}_${ci} + ${reduced === 4 ? `dot(v${q}, w0)` : `v${q} * w0`};`
})}
    }`,
)}
  }`,
)}
  }
}
let to = ((n * g.height + iy) * g.width + strip * ${tile.pixels}) * (g.channels / ${made}) + block * ${tile.channels / made};
${stores(tile, 'g.width', store)}`,
  }
}

function integersFor(shape: ConvShape, weight: number, strips: number): Record<string, number> {
  const { height, width, channels, outHeight, outWidth, outChannels } = shape
  return { height, width, channels, outHeight, outWidth, outChannels, weight, strips }
}

function tileFor(width: number, channels: number, made: 1 | 4, wanted: ConvTile, multiple: number): Tile {
  const fitting = Math.min(wanted.pixels, width)
  const even = divisorUpTo(width, fitting, multiple)
  const pixels = even * 2 >= fitting ? even : Math.ceil(fitting / multiple) * multiple
  return { pixels, channels: divisorUpTo(channels, wanted.channels, made), ragged: width % pixels !== 0 }
}

/** `block` of channels, `strip` of a row, the row's number under the name `y`, and picture `n` of invocation i */
const placeOf = (tile: Tile, channels: string, y: string, height: string) => `
let blocks = ${channels} / ${tile.channels};
let block = i % blocks;
let strip = (i / blocks) % g.strips;
let ${y} = (i / blocks / g.strips) % ${height};
let n = i / blocks / g.strips / ${height};`

/** For columns that may lie outside the row: where to load instead, and a factor of zero or one. */
function columnGuards(columns: number, guarded: (q: number) => boolean, width: string): string {
  return lines(columns, (q) =>
    guarded(q)
      ? `let from${q} = clamp(left + ${q}, 0, ${width} - 1); let inside${q} = select(0.0, 1.0, from${q} == left + ${q});`
      : `let from${q} = left + ${q};`,
  )
}

function columnLoads(columns: number, guarded: (q: number) => boolean, buffer: string, perPixel: string): string {
  return lines(columns, (q) => {
    const load = `${buffer}[(line + from${q}) * (${perPixel}) + c]`
    return `let v${q} = ${guarded(q) ? `inside${q} * ${load}` : load};`
  })
}

function stores({ pixels, ragged }: Tile, width: string, store: (p: number) => string): string {
  return lines(pixels, (p) => (ragged ? `if (strip * ${pixels} + ${p} < ${width}) {\n${store(p)}\n}` : store(p)))
}
