import * as tf from '@tensorflow/tfjs'

/**
 * tfjs has no Conv2DBackpropFilter on wasm, so nothing with convolutions trains there. It is itself a convolution: with x as
 * [Cin, H, W, N] and dy as filters [Ho, Wo, N, Cout], a valid convolution dilated by the stride gives [Cin, kh, kw, Cout].
 */
export function registerConvFilterGradient(): void {
  if (tf.getKernel('Conv2DBackpropFilter', 'wasm')) return
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as unknown as { x: tf.Tensor4D; dy: tf.Tensor4D }
      const { strides, pad, filterShape } = attrs as unknown as {
        strides: [number, number] | number
        pad: number | 'valid'
        filterShape: [number, number, number, number]
      }
      const stride = typeof strides === 'number' ? strides : strides[0]
      const border = pad === 'valid' ? 0 : pad
      const [kernelHeight, kernelWidth, inChannels, outChannels] = filterShape
      return tf.tidy(() => {
        const padded = border > 0 ? tf.pad(x, [[0, 0], [border, border], [border, border], [0, 0]]) : x
        const images = tf.transpose(padded, [3, 1, 2, 0]) as tf.Tensor4D
        const filters = tf.transpose(dy, [1, 2, 0, 3]) as tf.Tensor4D
        const gradient = tf.conv2d(images, filters, 1, 'valid', 'NHWC', stride)
        // With a stride that does not divide the padded size, the last rows and columns belong to no filter position.
        const fitted = tf.slice(gradient, [0, 0, 0, 0], [inChannels, kernelHeight, kernelWidth, outChannels])
        return tf.transpose(fitted, [1, 2, 0, 3])
      })
    },
  })
}
