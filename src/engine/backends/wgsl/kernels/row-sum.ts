import type { OperationOf } from '../../../plan/index.ts'
import { type Kernel, typeOf, widthFor } from '../kernel.ts'
import { sumSlices } from './filter-gradient.ts'

/** Gradient of a bias: slices of rows, then the sum of the slices. */
export function rowSum({ rows, columns, dy, bias }: OperationOf<'row-sum'>, rowsPerSlice: number): Kernel[] {
  const width = widthFor(columns)
  const slices = Math.ceil(rows / rowsPerSlice)
  return [
    {
      name: 'row sum',
      buffers: { dy: { at: dy, as: typeOf(width) }, partial: { at: 'partial', as: typeOf(width), writes: true } },
      integers: { rows, rowsPerSlice, columns: columns / width },
      threads: (slices * columns) / width,
      partial: slices * columns,
      body: `
let column = i % g.columns;
let slice = i / g.columns;
var sum = ${typeOf(width)}();
for (var r = slice * g.rowsPerSlice; r < min((slice + 1) * g.rowsPerSlice, g.rows); r++) { sum = sum + dy[r * g.columns + column]; }
partial[i] = sum;`,
    },
    sumSlices('row sum of slices', bias.offset, columns, slices),
  ]
}
