import * as tf from '@tensorflow/tfjs'

/** [N, H, W, C] -> [N, patches row by row, size size C]; with a shift above 0, of the picture and its four shifted copies, channels 5 C. */
export function patches(x: tf.Tensor4D, size: number, shift: number): tf.Tensor3D {
  const stacked = shift > 0 ? tf.concat([x, ...shiftedCopies(x, shift)], 3) : x
  const [count, height, width, channels] = stacked.shape
  const [rows, columns] = [height / size, width / size]
  // A pixel row of a patch is contiguous: so much may stay together.
  const cut = tf.transpose(stacked.reshape([count * rows, size, columns, size * channels]), [0, 2, 1, 3])
  return cut.reshape([count, rows * columns, size * size * channels])
}

/** Content moved down and right, down and left, up and right, up and left; zeros come in. */
function shiftedCopies(x: tf.Tensor4D, shift: number): tf.Tensor4D[] {
  const padded = tf.pad(x, [
    [0, 0],
    [shift, shift],
    [shift, shift],
    [0, 0],
  ])
  const from = (row: number, column: number) => tf.slice(padded, [0, row, column, 0], x.shape)
  return [from(0, 0), from(0, 2 * shift), from(2 * shift, 0), from(2 * shift, 2 * shift)]
}
