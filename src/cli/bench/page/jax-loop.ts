import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax'
import { initialParameters, type Model } from '../../../engine/index.ts'
import { applyJaxLayer } from './jax-layers.ts'
import { LEARNING_RATE, MOMENTUM, SEED, type TrainingLoop } from './training-loop.ts'

type Values = Record<string, np.Array>

interface NormalizedBatch {
  /** [count, 32, 32, 3] */
  images: Float32Array
  labels: Uint8Array
}

/** Trains on jax-js: one compiled function of parameters, momentum and batch for the whole step. */
export async function jaxLoop(device: 'webgpu' | 'wasm', model: Model, batch: NormalizedBatch): Promise<TrainingLoop> {
  const devices = await init(device)
  if (!devices.includes(device)) throw new Error(`jax-js offers no ${device} here`)
  defaultDevice(device)

  const train = jit((x: Values, m: Values, images: np.Array, labels: np.Array) => {
    const [loss, gradient] = valueAndGrad((at: Values) => meanCrossEntropy(model, at, images, labels))(tree.ref(x))
    const next = { x: {} as Values, m: {} as Values }
    for (const { name } of model.parameters) {
      next.m[name] = m[name].mul(MOMENTUM).add(gradient[name])
      next.x[name] = x[name].sub(next.m[name].ref.mul(LEARNING_RATE))
    }
    return { loss, ...next }
  })

  let x = parametersOf(model)
  let m: Values = Object.fromEntries(model.parameters.map(({ name }) => [name, np.zerosLike(x[name].ref)]))
  await blockUntilReady([x, m])
  const count = batch.labels.length
  return {
    async step() {
      const images = np.array(batch.images).reshape([count, 32, 32, 3])
      const labels = np.array(Int32Array.from(batch.labels))
      const next = train(x, m, images, labels)
      ;[x, m] = [next.x, next.m]
      return (await next.loss.data())[0]
    },
  }
}

function meanCrossEntropy(model: Model, at: Values, images: np.Array, labels: np.Array): np.Array {
  const values: np.Array[] = []
  const users = model.nodes.map((_, index) => model.nodes.filter(({ inputs }) => inputs.includes(index)).length)
  for (const { layer, inputs } of model.nodes) {
    const given =
      layer.op === 'input'
        ? [np.transpose(images, [0, 3, 1, 2])]
        : inputs.map((input) => (--users[input] > 0 ? values[input].ref : values[input]))
    values.push(applyJaxLayer(layer, given, (name) => at[name]))
  }
  const logits = values[values.length - 1]
  return np.mean(np.sum(nn.oneHot(labels, model.classes).mul(nn.logSoftmax(logits)), -1)).neg()
}

/** The lab's start of training; convolution weights as [out, in, kernel row, kernel column]. */
function parametersOf(model: Model): Values {
  const flat = initialParameters(model, SEED)
  return Object.fromEntries(
    model.parameters.map(({ name, shape, offset, size }) => {
      const values = np.array(flat.slice(offset, offset + size)).reshape(shape)
      return [name, shape.length === 4 ? np.transpose(values, [3, 2, 0, 1]) : values]
    }),
  )
}
