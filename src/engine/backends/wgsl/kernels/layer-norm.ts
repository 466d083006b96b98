import type { OperationOf } from '../../../plan/index.ts'
import { type Kernel, typeOf, widthFor } from '../kernel.ts'

/** A thread normalizes a row. */
export function layerNorm({ rows, columns, epsilon, scale, bias, x, y, statistics }: OperationOf<'layer-norm'>): Kernel {
  const width = widthFor(columns, scale.offset, bias.offset)
  const as = typeOf(width)
  return {
    name: 'layer norm',
    buffers: {
      x: { at: x, as },
      parameters: { at: 'parameters', as },
      y: { at: y, as, writes: true },
      statistics: { at: statistics, as: 'f32', writes: true },
    },
    integers: { columns: columns / width, scale: scale.offset / width, bias: bias.offset / width },
    threads: rows,
    body: `
let row = i * g.columns;
var sums = ${as}();
for (var c = 0; c < g.columns; c++) { sums = sums + x[row + c]; }
let mean = ${total('sums', width)} / ${columns}.0;
var squares = ${as}();
for (var c = 0; c < g.columns; c++) { let d = x[row + c] - mean; squares = squares + d * d; }
let inverse = 1.0 / sqrt(${total('squares', width)} / ${columns}.0 + ${epsilon});
statistics[i * 2] = mean;
statistics[i * 2 + 1] = inverse;
for (var c = 0; c < g.columns; c++) { y[row + c] = (x[row + c] - mean) * inverse * parameters[g.scale + c] + parameters[g.bias + c]; }`,
  }
}

/** dx by rows, as for the other normalizations; then the gradients of scale and bias by columns, over slices of rows. */
export function layerNormGradient(operation: OperationOf<'layer-norm-gradient'>, rowsPerSlice: number): Kernel[] {
  const { rows, columns, scale, bias, x, statistics, dy, dx } = operation
  const width = widthFor(columns, scale.offset, bias.offset)
  const as = typeOf(width)
  const slices = Math.ceil(rows / rowsPerSlice)
  return [
    {
      name: 'layer norm gradient',
      buffers: {
        x: { at: x, as },
        dy: { at: dy, as },
        parameters: { at: 'parameters', as },
        statistics: { at: statistics, as: 'f32' },
        dx: { at: dx, as, writes: true },
      },
      integers: { columns: columns / width, scale: scale.offset / width },
      threads: rows,
      body: `
let row = i * g.columns;
let mean = statistics[i * 2];
let inverse = statistics[i * 2 + 1];
var sums = ${as}();
var products = ${as}();
for (var c = 0; c < g.columns; c++) {
  let d = dy[row + c] * parameters[g.scale + c];
  sums = sums + d;
  products = products + d * (x[row + c] - mean);
}
let a = ${total('sums', width)} / ${columns}.0;
let b = ${total('products', width)} * inverse * inverse / ${columns}.0;
for (var c = 0; c < g.columns; c++) { dx[row + c] = inverse * (dy[row + c] * parameters[g.scale + c] - a - (x[row + c] - mean) * b); }`,
    },
    {
      name: 'layer norm products',
      buffers: {
        x: { at: x, as },
        dy: { at: dy, as },
        statistics: { at: statistics, as: 'f32' },
        partial: { at: 'partial', as, writes: true },
      },
      integers: { rows, rowsPerSlice, columns: columns / width },
      threads: (slices * columns) / width,
      partial: slices * 2 * columns,
      body: `
let c = i % g.columns;
let slice = i / g.columns;
var sum = ${as}();
var products = ${as}();
for (var r = slice * g.rowsPerSlice; r < min((slice + 1) * g.rowsPerSlice, g.rows); r++) {
  let d = dy[r * g.columns + c];
  sum = sum + d;
  products = products + d * (x[r * g.columns + c] - statistics[r * 2]) * statistics[r * 2 + 1];
}
partial[slice * 2 * g.columns + c] = sum;
partial[(slice * 2 + 1) * g.columns + c] = products;`,
    },
    {
      name: 'scale and bias gradient of slices',
      buffers: { partial: { at: 'partial', as }, gradient: { at: 'gradient', as, writes: true } },
      integers: { slices, scale: scale.offset / width, bias: bias.offset / width },
      threads: columns / width,
      body: `
var sum = ${as}();
var products = ${as}();
for (var k = 0; k < g.slices; k++) {
  sum = sum + partial[k * 2 * g.threads + i];
  products = products + partial[(k * 2 + 1) * g.threads + i];
}
gradient[g.scale + i] = products;
gradient[g.bias + i] = sum;`,
    },
  ]
}

/** Sum of the components of a value of that width. */
const total = (value: string, width: 1 | 4) => (width === 4 ? `(${value}.x + ${value}.y + ${value}.z + ${value}.w)` : value)
