import type { OperationOf } from '../../../plan/index.ts'
import { type Kernel, typeOf, widthFor } from '../kernel.ts'

const SIDE = 32
const CHANNELS = 3
/** rows and columns by which the content of each of the stacked pictures is moved, in units of the shift */
const MOVES = [
  [0, 0],
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
]

/** A thread writes one pixel of one of the stacked pictures. */
export function patches({ batch, size, shift, x, y }: OperationOf<'patches'>): Kernel {
  const stacked = shift === 0 ? 1 : MOVES.length
  const moves = MOVES.slice(0, stacked).map(([row, column]) => `vec2i(${row * shift}, ${column * shift})`)
  return {
    name: 'patches',
    buffers: { x: { at: x, as: 'f32' }, y: { at: y, as: 'f32', writes: true } },
    integers: {},
    threads: batch * SIDE * SIDE * stacked,
    body: `
let copy = i % ${stacked};
let pixel = i / ${stacked};
let column = pixel % ${SIDE};
let row = pixel / ${SIDE} % ${SIDE};
let n = pixel / ${SIDE * SIDE};
let moves = array<vec2i, ${stacked}>(${moves.join(', ')});
let at = vec2i(row, column) - moves[copy];
let inside = all(at >= vec2i()) && all(at < vec2i(${SIDE}));
let patch_ = row / ${size} * ${SIDE / size} + column / ${size};
let feature = (row % ${size} * ${size} + column % ${size}) * ${stacked * CHANNELS} + copy * ${CHANNELS};
let to = (n * ${(SIDE / size) ** 2} + patch_) * ${size * size * stacked * CHANNELS} + feature;
for (var c = 0; c < ${CHANNELS}; c++) {
  y[to + c] = select(0.0, x[((n * ${SIDE} + clamp(at.x, 0, ${SIDE - 1})) * ${SIDE} + clamp(at.y, 0, ${SIDE - 1})) * ${CHANNELS} + c], inside);
}`,
  }
}

export function tokens({ shape, classToken, position, x, y }: OperationOf<'tokens'>): Kernel {
  const { rows, columns } = shape
  const width = widthFor(columns, classToken.offset, position.offset)
  const as = typeOf(width)
  return {
    name: 'tokens',
    buffers: { x: { at: x, as }, parameters: { at: 'parameters', as }, y: { at: y, as, writes: true } },
    integers: { rows, columns: columns / width, classToken: classToken.offset / width, position: position.offset / width },
    threads: y.size / width,
    body: `
let perPicture = (g.rows + 1) * g.columns;
let at = i % perPicture;
let n = i / perPicture;
var value = parameters[g.position + at];
if (at < g.columns) { value = value + parameters[g.classToken + at]; }
else { value = value + x[(n * g.rows - 1) * g.columns + at]; }
y[i] = value;`,
  }
}

/** Each position's gradient is the sum over the pictures; the class token's that of the first position. */
export function tokensGradient({ shape, classToken, position, dy, dx }: OperationOf<'tokens-gradient'>): Kernel[] {
  const { batch, rows, columns } = shape
  const width = widthFor(columns, classToken.offset, position.offset)
  const as = typeOf(width)
  const sums: Kernel = {
    name: 'tokens gradient',
    buffers: { dy: { at: dy, as }, gradient: { at: 'gradient', as, writes: true } },
    integers: { batch, columns: columns / width, classToken: classToken.offset / width, position: position.offset / width },
    threads: ((rows + 1) * columns) / width,
    body: `
var sum = ${as}();
for (var n = 0; n < g.batch; n++) { sum = sum + dy[n * g.threads + i]; }
gradient[g.position + i] = sum;
if (i < g.columns) { gradient[g.classToken + i] = sum; }`,
  }
  if (!dx) return [sums]
  const rest: Kernel = {
    name: 'tokens input gradient',
    buffers: { dy: { at: dy, as }, dx: { at: dx, as, writes: true } },
    integers: { perPicture: (rows * columns) / width, columns: columns / width },
    threads: dx.size / width,
    body: 'dx[i] = dy[i + (i / g.perPicture + 1) * g.columns];',
  }
  return [sums, rest]
}

export function firstRow({ shape: { rows, columns }, x, y }: OperationOf<'first-row'>): Kernel {
  const width = widthFor(columns)
  return {
    name: 'first row',
    buffers: { x: { at: x, as: typeOf(width) }, y: { at: y, as: typeOf(width), writes: true } },
    integers: { rows, columns: columns / width },
    threads: y.size / width,
    body: 'y[i] = x[i / g.columns * g.rows * g.columns + i % g.columns];',
  }
}

export function firstRowGradient({ shape: { rows, columns }, dy, dx }: OperationOf<'first-row-gradient'>): Kernel {
  const width = widthFor(columns)
  const as = typeOf(width)
  return {
    name: 'first row gradient',
    buffers: { dy: { at: dy, as }, dx: { at: dx, as, writes: true } },
    integers: { rows, columns: columns / width },
    threads: dx.size / width,
    body: `
let perPicture = g.rows * g.columns;
let at = i % perPicture;
dx[i] = select(${as}(), dy[i / perPicture * g.columns + min(at, g.columns - 1)], at < g.columns);`,
  }
}
