import { convFlops, type OperationOf } from '../../../plan/index.ts'
import { component, type Kernel, lines, typeOf, widthFor } from '../kernel.ts'
import { divisorUpTo, type FilterTile } from '../tiles.ts'

/**
 * Gradient of a convolution's weights. A thread sums one kernel row of a block of channels over a slice of the picture rows, in
 * registers; a second dispatch adds up the slices, always in the same order.
 */
export function convFilterGradient({ shape, x, dy, weight }: OperationOf<'conv-filter-gradient'>, wanted: FilterTile): Kernel[] {
  const { batch, height, width, channels, outHeight, outWidth, outChannels, kernel, stride, pad } = shape
  const inWidth = widthFor(channels)
  const made = widthFor(outChannels, weight.offset)
  const ci = divisorUpTo(channels, wanted.channels * (kernel === 1 ? 4 : 1), inWidth)
  const co = divisorUpTo(outChannels, wanted.outChannels, made)
  const groups = co / made
  const pixels = Math.min(wanted.pixels, outWidth)
  const ragged = outWidth % pixels !== 0
  const columns = (pixels - 1) * stride + kernel
  const guarded = (q: number) => ragged || q < pad || q >= columns - pad

  const tiles = kernel * (channels / ci) * (outChannels / co)
  const rows = batch * outHeight
  const rowsPerSlice = Math.ceil(rows / Math.max(1, Math.min(rows, Math.ceil(wanted.threads / tiles))))
  const slices = Math.ceil(rows / rowsPerSlice)
  const straight = slices === 1
  const sum = (kx: number, k: number, c: number) => `a${kx}_${k}_${c}`
  const each = (line: (kx: number, k: number, c: number) => string) =>
    lines(kernel, (kx) => lines(ci, (k) => lines(groups, (c) => line(kx, k, c))))

  const partial: Kernel = {
    name: 'conv filter gradient',
    buffers: {
      x: { at: x, as: typeOf(inWidth) },
      dy: { at: dy, as: typeOf(made) },
      out: { at: straight ? 'gradient' : 'partial', as: typeOf(made), writes: true },
    },
    integers: {
      height,
      width,
      channels,
      outHeight,
      outWidth,
      outChannels,
      rows,
      rowsPerSlice,
      size: weight.size,
      offset: straight ? weight.offset : 0,
    },
    flops: convFlops(shape),
    threads: tiles * slices,
    partial: straight ? 0 : slices * weight.size,
    body: `
let outBlocks = g.outChannels / ${co};
let inBlocks = g.channels / ${ci};
let outBlock = i % outBlocks;
let inBlock = (i / outBlocks) % inBlocks;
let ky = (i / outBlocks / inBlocks) % ${kernel};
let slice = i / outBlocks / inBlocks / ${kernel};
${each((kx, k, c) => `var ${sum(kx, k, c)} = ${typeOf(made)}();`)}
for (var r = slice * g.rowsPerSlice; r < min((slice + 1) * g.rowsPerSlice, g.rows); r++) {
  let n = r / g.outHeight;
  let iy = (r % g.outHeight) * ${stride} + ky - ${pad};
  if (iy < 0 || iy >= g.height) { continue; }
  let line = (n * g.height + iy) * g.width;
  for (var ox = 0; ox < g.outWidth; ox += ${pixels}) {
    let left = ox * ${stride} - ${pad};
${lines(columns, (q) => {
  const from = guarded(q) ? `clamp(left + ${q}, 0, g.width - 1)` : `(left + ${q})`
  const factor = guarded(q) ? `select(0.0, 1.0, ${from} == left + ${q}) * ` : ''
  return lines(
    ci / inWidth,
    (k) => `let x${q}_${k} = ${factor}x[(line + ${from}) * (g.channels / ${inWidth}) + inBlock * ${ci / inWidth} + ${k}];`,
  )
})}
${lines(pixels, (p) => {
  const at = ragged ? `min(ox + ${p}, g.outWidth - 1)` : `(ox + ${p})`
  const factor = ragged ? `select(0.0, 1.0, ox + ${p} < g.outWidth) * ` : ''
  return `{
${lines(groups, (c) => `let d${c} = ${factor}dy[(r * g.outWidth + ${at}) * (g.outChannels / ${made}) + outBlock * ${groups} + ${c}];`)}
${each((kx, k, c) => {
  const value = component(`x${p * stride + kx}_${Math.floor(k / inWidth)}`, inWidth, k % inWidth)
  return `${sum(kx, k, c)} = ${sum(kx, k, c)} + ${value} * d${c};`
})}
}`
})}
  }
}
let to = (g.offset + slice * g.size + (ky * ${kernel} * g.channels + inBlock * ${ci}) * g.outChannels) / ${made} + outBlock * ${groups};
${each((kx, k, c) => `out[to + (${kx} * g.channels + ${k}) * (g.outChannels / ${made}) + ${c}] = ${sum(kx, k, c)};`)}`,
  }
  return straight ? [partial] : [partial, sumSlices('sum of slices', weight.offset, weight.size, slices)]
}

/** gradient[offset + j] = sum over slices of partial[slice * size + j] */
export function sumSlices(name: string, offset: number, size: number, slices: number): Kernel {
  const width = widthFor(offset, size)
  return {
    name,
    buffers: { partial: { at: 'partial', as: typeOf(width) }, gradient: { at: 'gradient', as: typeOf(width), writes: true } },
    integers: { offset: offset / width, slices },
    threads: size / width,
    body: `
var sum = ${typeOf(width)}();
for (var slice = 0; slice < g.slices; slice++) { sum = sum + partial[slice * g.threads + i]; }
gradient[g.offset + i] = sum;`,
  }
}
