import * as tf from '@tensorflow/tfjs'

type Filter = [kernelHeight: number, kernelWidth: number, inChannels: number, outChannels: number]

/**
 * Gives the wasm backend convolution gradients that are themselves convolutions, which run near the processor's speed there.
 * tfjs has no filter gradient on wasm at all, so nothing with convolutions trains, and its input gradient is a plain loop.
 */
export function registerConvGradients(): void {
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm')) return
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { strides, pad, filterShape } = attrs as unknown as { strides: Sides; pad: Padding; filterShape: Filter }
      return tf.tidy(() => filterGradient(inputs.x as tf.Tensor4D, inputs.dy as tf.Tensor4D, sideOf(strides), borderOf(pad), filterShape))
    },
  })
  tf.unregisterKernel('Conv2DBackpropInput', 'wasm')
  tf.registerKernel({
    kernelName: 'Conv2DBackpropInput',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { strides, pad, inputShape } = attrs as unknown as {
        strides: Sides
        pad: Padding
        inputShape: [number, number, number, number]
      }
      return tf.tidy(() =>
        inputGradient(inputs.dy as tf.Tensor4D, inputs.filter as tf.Tensor4D, sideOf(strides), borderOf(pad), inputShape),
      )
    },
  })
}

type Sides = [number, number] | number
type Padding = number | 'valid'
const sideOf = (strides: Sides) => (typeof strides === 'number' ? strides : strides[0])
const borderOf = (pad: Padding) => (pad === 'valid' ? 0 : pad)

/** With x as [Cin, H, W, N] and dy as filters [Ho, Wo, N, Cout], a valid convolution dilated by the stride gives [Cin, kh, kw, Cout]. */
function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  stride: number,
  border: number,
  [kernelHeight, kernelWidth, inChannels, outChannels]: Filter,
): tf.Tensor4D {
  const images = tf.transpose(padSpace(x, border, border, border, border), [3, 1, 2, 0])
  const filters = tf.transpose(dy, [1, 2, 0, 3])
  const gradient = tf.conv2d(images, filters, 1, 'valid', 'NHWC', stride)
  // With a stride that does not divide the padded size, the last rows and columns belong to no filter position.
  const fitted = tf.slice(gradient, [0, 0, 0, 0], [inChannels, kernelHeight, kernelWidth, outChannels])
  return tf.transpose(fitted, [1, 2, 0, 3])
}

/** dy, spread out by the stride and padded to the full overlap, under the filter turned by half a turn with in and out exchanged. */
function inputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, stride: number, border: number, [, height, width]: number[]): tf.Tensor4D {
  const [kernelHeight, kernelWidth] = filter.shape
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2])
  const spread = spreadOut(dy, stride)
  // The result has one row for each row of the input: what the filter positions do not reach below gets more padding.
  const top = kernelHeight - 1 - border
  const left = kernelWidth - 1 - border
  const bottom = height + kernelHeight - 1 - top - spread.shape[1]
  const right = width + kernelWidth - 1 - left - spread.shape[2]
  return tf.conv2d(padSpace(spread, top, bottom, left, right), turned, 1, 'valid')
}

/** Puts stride - 1 zeros between neighboring rows and columns. */
function spreadOut(x: tf.Tensor4D, stride: number): tf.Tensor4D {
  if (stride === 1) return x
  const [count, height, width, channels] = x.shape
  const columns = tf.pad(x.reshape([count * height, width, channels]), [
    [0, 0],
    [0, 0],
    [0, (stride - 1) * channels],
  ])
  const rows = tf.pad(columns.reshape([count, height, width * stride * channels]), [
    [0, 0],
    [0, 0],
    [0, (stride - 1) * width * stride * channels],
  ])
  return rows
    .reshape([count, height * stride, width * stride, channels])
    .slice([0, 0, 0, 0], [count, (height - 1) * stride + 1, (width - 1) * stride + 1, channels]) as tf.Tensor4D
}

/** Pads height and width with zeros; a negative number cuts off. */
function padSpace(x: tf.Tensor4D, top: number, bottom: number, left: number, right: number): tf.Tensor4D {
  const cut = (amount: number) => Math.max(0, -amount)
  const grow = (amount: number) => Math.max(0, amount)
  const [count, height, width, channels] = x.shape
  const inner =
    Math.min(top, bottom, left, right) < 0
      ? tf.slice(x, [0, cut(top), cut(left), 0], [count, height - cut(top) - cut(bottom), width - cut(left) - cut(right), channels])
      : x
  if (Math.max(top, bottom, left, right) <= 0) return inner
  return tf.pad(inner, [
    [0, 0],
    [grow(top), grow(bottom)],
    [grow(left), grow(right)],
    [0, 0],
  ])
}
