import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildModel, initialParameters } from '../../models/index.ts'
import { chooseBackend, openBackend } from '../index.ts'
import type { Backend } from '../types.ts'
import { groupNorm } from './group-norm.ts'

let wasm: Backend
beforeAll(async () => {
  wasm = await openBackend(await chooseBackend('wasm'))
})

const largest = (a: ArrayLike<number>, b: ArrayLike<number>) => Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])))

describe('the convolution gradients on wasm', () => {
  // batch, side, in, out, kernel, stride, pad: odd sizes, batch 1, 1x1, stride 2, channels not divisible by 4
  it.each([
    [2, 8, 3, 5, 3, 1, 1],
    [1, 7, 4, 4, 3, 1, 0],
    [3, 9, 6, 2, 3, 2, 1],
    [2, 8, 3, 7, 3, 2, 1],
    [2, 8, 5, 3, 1, 2, 0],
    [1, 9, 4, 4, 3, 3, 0],
    [2, 6, 2, 3, 1, 1, 1],
    [1, 5, 1, 1, 5, 1, 2],
  ])(
    'equal those of the cpu backend: batch %i side %i in %i out %i kernel %i stride %i pad %i',
    async (batch, side, inChannels, outChannels, kernel, stride, pad) => {
      const shape: [number, number, number, number] = [batch, side, side, inChannels]
      const x = tf.randomNormal(shape, 0, 1, 'float32', 1).arraySync()
      const w = tf.randomNormal([kernel, kernel, inChannels, outChannels], 0, 1, 'float32', 2).arraySync()
      const gradientOn = async (backend: string) => {
        await tf.setBackend(backend)
        return tf.tidy(() => {
          const [images, filters] = [tf.tensor4d(x as number[][][][]), tf.tensor4d(w as number[][][][])]
          const loss = (x: tf.Tensor, w: tf.Tensor) => tf.sum(tf.square(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad)))
          return tf
            .grads(loss)([images, filters])
            .map((gradient) => gradient.dataSync().slice())
        })
      }
      const [own, reference] = [await gradientOn('wasm'), await gradientOn('cpu')]
      await tf.setBackend('wasm')
      for (const [i, values] of reference.entries()) expect(largest(own[i], values)).toBeLessThan(1e-5 * Math.max(...values.map(Math.abs)))
    },
  )
})

describe('group normalization', () => {
  it.each([
    [2, 4, 4, 8, 2],
    [1, 3, 5, 6, 3],
    [3, 1, 1, 4, 1],
  ])('and its own gradient equal the plain composition: [%i, %i, %i, %i] in %i groups', (n, h, w, c, groups) => {
    const values = [
      tf.randomNormal([n, h, w, c], 1, 2, 'float32', 3),
      tf.randomNormal([c], 1, 1, 'float32', 4),
      tf.randomNormal([c], 0, 1, 'float32', 5),
    ]
    const weights = tf.randomNormal([n, h, w, c], 0, 1, 'float32', 6)
    const plain = (x: tf.Tensor, scale: tf.Tensor, bias: tf.Tensor) => {
      const grouped = x.reshape([n, h * w, groups, c / groups])
      const { mean, variance } = tf.moments(grouped, [1, 3], true)
      const normalized = tf.div(tf.sub(grouped, mean), tf.sqrt(tf.add(variance, 1e-5))).reshape([n, h, w, c])
      return tf.add(tf.mul(normalized, scale), bias)
    }
    const own = (x: tf.Tensor, scale: tf.Tensor, bias: tf.Tensor) =>
      groupNorm(x as tf.Tensor4D, scale as tf.Tensor1D, bias as tf.Tensor1D, groups, 1e-5)
    const run = (f: typeof plain) => tf.valueAndGrads((x, scale, bias) => tf.sum(tf.mul(weights, f(x, scale, bias))))(values)
    const [a, b] = [run(own), run(plain)]
    for (const [i, grad] of a.grads.entries()) expect(largest(grad.dataSync(), b.grads[i].dataSync())).toBeLessThan(2e-5)
    expect(largest(a.value.dataSync(), b.value.dataSync())).toBeLessThan(1e-4)
  })
})

describe('vectors', () => {
  it('do the algebra, and refuse vectors of another size', async () => {
    const space = wasm.vectors(3)
    const [v, w] = [space.zeros(), space.zeros()]
    v.write(Float32Array.of(1, 2, 3))
    w.write(Float32Array.of(10, 20, 30))
    expect([...(await v.scale(2).add(0.5, w).read())]).toEqual([7, 14, 21])
    expect([...(await v.set(w).add(1, v).read())]).toEqual([20, 40, 60])
    expect([...(await v.zero().read())]).toEqual([0, 0, 0])
    expect(() => v.write(new Float32Array(2))).toThrow(/3 cannot take 2/)
    expect(() => v.add(1, wasm.vectors(2).zeros())).toThrow(/3 and 2/)
  })

  it('keep their own copy of what was written and read', async () => {
    const v = wasm.vectors(2).zeros()
    const values = Float32Array.of(1, 2)
    v.write(values)
    values[0] = 9
    const read = await v.read()
    read[1] = 9
    expect([...(await v.read())]).toEqual([1, 2])
  })
})

describe('a model on tfjs', () => {
  it('has the gradient that finite differences show', async () => {
    const model = buildModel('cnn', 10)
    const runner = wasm.runner(model)
    const [x, g] = [runner.space.zeros(), runner.space.zeros()]
    const values = initialParameters(model, 7)
    const batch = { images: Float32Array.from({ length: 2 * 3072 }, (_, i) => Math.sin(i)), labels: Uint8Array.of(3, 8) }
    x.write(values)
    await runner.gradient(x, batch, g)
    const gradient = await g.read()
    // One direction through all parameters: a float32 loss has too few digits for single ones.
    const direction = gradient.map((value) => Math.sign(value))
    const step = 2e-4
    const lossAt = async (t: number) => {
      x.write(values.map((value, i) => value + t * direction[i]))
      await runner.gradient(x, batch, g)
      return runner.loss()
    }
    const difference = ((await lossAt(step)) - (await lossAt(-step))) / (2 * step)
    const slope = gradient.reduce((sum, value, i) => sum + value * direction[i], 0)
    expect(Math.abs(difference - slope) / slope).toBeLessThan(0.05)
  })
})
