import type { OperationOf } from '../../../plan/index.ts'
import type { Kernel } from '../kernel.ts'

const SIDE = 32
const CHANNELS = 3

/** A thread makes one pixel: four bytes of `pixels` are a word, `crops` are row, column and mirror of each picture. */
export function pictures({ x, batch }: OperationOf<'pictures'>): Kernel {
  return {
    name: 'pictures',
    buffers: {
      pixels: { at: 'pixels', as: 'u32' },
      crops: { at: 'crops', as: 'i32' },
      table: { at: 'table', as: 'f32' },
      x: { at: x, as: 'f32', writes: true },
    },
    integers: {},
    threads: batch * SIDE * SIDE,
    body: `
let n = i / ${SIDE * SIDE};
let column = i % ${SIDE};
let row = i / ${SIDE} % ${SIDE} + crops[n * 3];
let mirrored = crops[n * 3 + 2] == 1;
let place = select(column, ${SIDE - 1} - column, mirrored) + crops[n * 3 + 1];
let inside = row >= 0 && row < ${SIDE} && place >= 0 && place < ${SIDE};
let first = ((n * ${SIDE} + clamp(row, 0, ${SIDE - 1})) * ${SIDE} + clamp(place, 0, ${SIDE - 1})) * ${CHANNELS};
for (var c = 0; c < ${CHANNELS}; c++) {
  let byte = (pixels[(first + c) / 4] >> u32((first + c) % 4 * 8)) & 255u;
  x[i * ${CHANNELS} + c] = table[c * 256 + i32(select(0u, byte, inside))];
}`,
  }
}
