import { beforeAll, describe, it } from 'vitest'
import { ModelBuilder } from '../../models/builder.ts'
import { initialParameters } from '../../models/index.ts'
import type { Layer, Model, Parameter } from '../../models/types.ts'
import { randomStream } from '../../random.ts'
import { type Backend, chooseBackend, openBackend } from '../index.ts'
import { expectClose, slopes } from './float64.fixture.ts'
import type { Target } from './target.fixture.ts'
import { noise } from './trial.fixture.ts'

const CLASSES = 5
/** of a float32 gradient */
const TOLERANCE = 1e-4

/** A residual block on a convolution with stride 2. */
function residualNetwork(): Model {
  const g = new ModelBuilder()
  const uniform = { kind: 'uniform' as const, bound: 0.5 }
  const x = g.relu('stem', g.groupNorm('stem.norm', g.conv('stem.conv', g.input, { out: 4, kernel: 3, stride: 2, pad: 1 }), 2))
  const h = g.groupNorm('norm', g.conv('conv', x, { out: 4, kernel: 3, pad: 1 }), 1)
  g.dense('head', g.meanPool('pool', g.relu('block', g.add('add', h, x))), CLASSES, { weight: uniform, bias: uniform })
  return g.build('residual network')
}

/** Cross-entropy of one picture in nats, each layer written out in float64. */
function lossOf(model: Model, parameters: Float64Array, picture: Float32Array, label: number): number {
  const valuesOf = ({ offset, size }: Parameter) => parameters.subarray(offset, offset + size)
  const values: Float64Array[] = []
  model.nodes.forEach(({ layer, inputs, shape }) => {
    const [x, other] = inputs.map((input) => values[input])
    const inputShape = inputs.length > 0 ? model.nodes[inputs[0]].shape : []
    values.push(layer.op === 'input' ? Float64Array.from(picture) : apply(layer, x, other, inputShape, shape, valuesOf))
  })
  const logits = values[values.length - 1]
  return Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0)) - logits[label]
}

function apply(
  layer: Layer,
  x: Float64Array,
  other: Float64Array,
  inputShape: number[],
  shape: number[],
  valuesOf: (parameter: Parameter) => Float64Array,
): Float64Array {
  switch (layer.op) {
    case 'conv':
      return conv(x, valuesOf(layer.weight), inputShape, shape, layer)
    case 'group-norm':
      return groupNorm(x, valuesOf(layer.scale), valuesOf(layer.bias), layer.groups, layer.epsilon)
    case 'relu':
      return x.map((value) => Math.max(value, 0))
    case 'add':
      return x.map((value, i) => value + other[i])
    case 'mean-pool': {
      const [channels] = shape
      const sums = new Float64Array(channels)
      x.forEach((value, i) => {
        sums[i % channels] += value / (x.length / channels)
      })
      return sums
    }
    case 'dense': {
      const [weight, y] = [valuesOf(layer.weight), Float64Array.from(layer.bias ? valuesOf(layer.bias) : [])]
      for (let i = 0; i < x.length; i++) for (let o = 0; o < y.length; o++) y[o] += x[i] * weight[i * y.length + o]
      return y
    }
    default:
      throw new Error(`${layer.op} is not written out`)
  }
}

function conv(
  x: Float64Array,
  weight: Float64Array,
  inputShape: number[],
  shape: number[],
  { stride, pad }: { stride: number; pad: number },
) {
  const [height, width, channels] = inputShape
  const [outHeight, outWidth, outChannels] = shape
  const kernel = Math.sqrt(weight.length / channels / outChannels)
  const y = new Float64Array(outHeight * outWidth * outChannels)
  for (let row = 0; row < outHeight; row++)
    for (let column = 0; column < outWidth; column++)
      for (let tap = 0; tap < kernel * kernel; tap++) {
        const [r, c] = [row * stride - pad + Math.floor(tap / kernel), column * stride - pad + (tap % kernel)]
        if (r < 0 || r >= height || c < 0 || c >= width) continue
        for (let i = 0; i < channels; i++)
          for (let o = 0; o < outChannels; o++)
            y[(row * outWidth + column) * outChannels + o] +=
              x[(r * width + c) * channels + i] * weight[(tap * channels + i) * outChannels + o]
      }
  return y
}

function groupNorm(x: Float64Array, scale: Float64Array, bias: Float64Array, groups: number, epsilon: number): Float64Array {
  const channels = scale.length
  const groupOf = (i: number) => Math.floor(((i % channels) * groups) / channels)
  const count = x.length / groups
  const [means, variances] = [new Float64Array(groups), new Float64Array(groups)]
  x.forEach((value, i) => {
    means[groupOf(i)] += value / count
  })
  x.forEach((value, i) => {
    variances[groupOf(i)] += (value - means[groupOf(i)]) ** 2 / count
  })
  return x.map(
    (value, i) => (scale[i % channels] * (value - means[groupOf(i)])) / Math.sqrt(variances[groupOf(i)] + epsilon) + bias[i % channels],
  )
}

/** The gradient of a small network against finite differences of the same network in float64, parameter by parameter. */
export function gradientContract({ name: target }: Target): void {
  let backend: Backend
  beforeAll(async () => {
    backend = await openBackend(await chooseBackend(target))
  })

  describe('the gradient of a residual network', () => {
    it('is what finite differences in float64 say', async () => {
      const model = residualNetwork()
      const parameters = initialParameters(model, 1)
      const [picture, label] = [noise(randomStream(1, 'picture'), 32 * 32 * 3), 3]
      const runner = backend.runner(model)
      const [x, g] = [runner.space.zeros(), runner.space.zeros()]
      x.write(parameters)
      await runner.gradient(x, { images: picture, labels: Uint8Array.of(label) }, g)
      const expected = slopes((at) => [lossOf(model, at, picture, label)], parameters, [1])
      expectClose(await g.read(), expected, 'gradient', { tolerance: TOLERANCE })
      expectClose(Float32Array.of(await runner.loss()), [lossOf(model, Float64Array.from(parameters), picture, label)], 'loss')
      runner.dispose()
    })
  })
}
