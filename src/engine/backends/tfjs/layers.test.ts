import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildModel, initialParameters } from '../../models/index.ts'
import { chooseBackend, openBackend } from '../index.ts'
import type { Backend } from '../types.ts'
import { attention } from './attention.ts'
import { normalizeBatch } from './batch-norm.ts'
import { dense } from './dense.ts'
import { gelu } from './gelu.ts'
import { layerNorm } from './layer-norm.ts'
import { patches } from './patches.ts'

let wasm: Backend
beforeAll(async () => {
  wasm = await openBackend(await chooseBackend('wasm'))
})

const largest = (a: ArrayLike<number>, b: ArrayLike<number>) => Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])))
const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed)

/** Values and gradients (of a sum with random weights) of two forms of one layer. */
function expectSame(own: (...inputs: tf.Tensor[]) => tf.Tensor, plain: typeof own, inputs: tf.Tensor[]) {
  const [mine, reference] = [own, plain].map((f) => f(...inputs))
  expect(mine.shape).toEqual(reference.shape)
  expect(largest(mine.dataSync(), reference.dataSync())).toBeLessThan(1e-5)
  const weights = random(reference.shape, 99)
  const [a, b] = [own, plain].map((f) => tf.grads((...given) => tf.sum(tf.mul(weights, f(...given))))(inputs))
  for (const [i, gradient] of b.entries()) {
    expect(a[i].shape).toEqual(gradient.shape)
    expect(largest(a[i].dataSync(), gradient.dataSync())).toBeLessThan(2e-5)
  }
}

const normalized = (x: tf.Tensor, axes: number[]) => {
  const { mean, variance } = tf.moments(x, axes, true)
  return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)))
}

describe('layers with their own gradient equal the plain composition', () => {
  it('batch normalization', () => {
    const [x, scale, bias] = [random([3, 4, 2, 5], 1), random([5], 2), random([5], 3)]
    expectSame(
      (x, scale, bias) => normalizeBatch(x as tf.Tensor4D, scale as tf.Tensor1D, bias as tf.Tensor1D, 1e-5, () => {}),
      (x, scale, bias) => tf.add(tf.mul(normalized(x, [0, 1, 2]), scale), bias),
      [x, scale, bias],
    )
  })

  it('layer normalization', () => {
    expectSame(
      (x, scale, bias) => layerNorm(x, scale as tf.Tensor1D, bias as tf.Tensor1D, 1e-5),
      (x, scale, bias) => tf.add(tf.mul(normalized(x, [2]), scale), bias),
      [random([2, 5, 7], 1), random([7], 2), random([7], 3)],
    )
  })

  it.each([[[6]], [[3, 6]], [[2, 3, 6]]])('dense, of a batch of shape %j', (shape) => {
    const rows = (x: tf.Tensor, weight: tf.Tensor) => tf.matMul(x.reshape([-1, 6]) as tf.Tensor2D, weight as tf.Tensor2D)
    const outShape = [2, ...shape.slice(0, -1), 4]
    const inputs = [random([2, ...shape], 1), random([6, 4], 2), random([4], 3)]
    expectSame(
      (x, weight, bias) => dense(x, weight as tf.Tensor2D, bias as tf.Tensor1D),
      (x, weight, bias) => tf.add(rows(x, weight), bias).reshape(outShape),
      inputs,
    )
    expectSame(
      (x, weight) => dense(x, weight as tf.Tensor2D, null),
      (x, weight) => rows(x, weight).reshape(outShape),
      inputs.slice(0, 2),
    )
  })
})

describe('GELU', () => {
  it('is the exact one, and so is its slope', () => {
    const x = tf.tensor1d([-6, -2, -0.5, 0, 0.5, 1, 4])
    // x Phi(x) and Phi(x) + x phi(x), from the tables of the normal distribution
    const values = [-5.9195265e-9, -0.0455002639, -0.1542687694, 0, 0.3457312306, 0.8413447461, 3.999873315]
    const slopes = [-3.5467e-8, -0.0852318, 0.1325048, 0.5, 0.8674952, 1.0833155, 1.0005037]
    expect(largest(gelu(x).dataSync(), values)).toBeLessThan(1e-6)
    expect(largest(tf.grad(gelu)(x).dataSync(), slopes)).toBeLessThan(1e-6)
  })
})

describe('patches', () => {
  const side = 8
  const picture = Float32Array.from({ length: 2 * side * side * 3 }, (_, i) => i + 1)
  const pixel = (n: number, row: number, column: number, c: number) =>
    row < 0 || column < 0 || row >= side || column >= side ? 0 : picture[((n * side + row) * side + column) * 3 + c]

  // where the pixel at (row, column) of each stacked copy comes from
  const copies = [
    [0, 0],
    [-2, -2],
    [-2, 2],
    [2, -2],
    [2, 2],
  ]

  it.each([0, 2])('are rows of features in the order (row, column, channel), with a shift of %i', (shift) => {
    const used = shift > 0 ? copies : copies.slice(0, 1)
    const expected: number[] = []
    for (let n = 0; n < 2; n++)
      for (let patch = 0; patch < 4; patch++)
        for (let i = 0; i < 4; i++)
          for (let j = 0; j < 4; j++)
            for (const [down, right] of used)
              for (let c = 0; c < 3; c++) expected.push(pixel(n, 4 * (patch >> 1) + i + down, 4 * (patch & 1) + j + right, c))
    const result = patches(tf.tensor4d(picture, [2, side, side, 3]), 4, shift)
    expect(result.shape).toEqual([2, 4, 48 * used.length])
    expect([...result.dataSync()]).toEqual(expected)
  })
})

describe('attention', () => {
  const [count, tokens, heads, size] = [2, 4, 3, 2]
  const width = heads * size
  const qkv = random([count, tokens, 3 * width], 1) as tf.Tensor3D
  const values = qkv.dataSync()
  const at = (n: number, token: number, third: number, head: number, i: number) =>
    values[(n * tokens + token) * 3 * width + third * width + head * size + i]

  it.each([
    ['plain', null, false],
    ['with temperatures, masked', [0.3, 0.7, 2], true],
  ] as const)('%s, is a softmax over the keys for each head', (_, temperatures, masked) => {
    const expected: number[] = []
    for (let n = 0; n < count; n++)
      for (let query = 0; query < tokens; query++)
        for (let head = 0; head < heads; head++) {
          const factor = temperatures ? temperatures[head] : 1 / Math.sqrt(size)
          const weights = Array.from({ length: tokens }, (_, key) => {
            if (masked && key === query) return 0
            const products = Array.from({ length: size }, (_, i) => at(n, query, 0, head, i) * at(n, key, 1, head, i))
            return Math.exp(factor * products.reduce((a, b) => a + b))
          })
          const total = weights.reduce((a, b) => a + b)
          for (let i = 0; i < size; i++) expected.push(weights.reduce((sum, w, key) => sum + (w / total) * at(n, key, 2, head, i), 0))
        }
    const result = attention(qkv, heads, temperatures && tf.tensor1d([...temperatures]), masked)
    expect(result.shape).toEqual([count, tokens, width])
    expect(largest(result.dataSync(), expected)).toBeLessThan(1e-5)
  })

  it('masked, sends no gradient through a token to itself', () => {
    // With two tokens each sees only the other, whatever the scores are.
    const two = random([1, 2, 6], 5) as tf.Tensor3D
    const own = tf
      .grad((x) => tf.sum(tf.square(attention(x as tf.Tensor3D, 1, tf.tensor1d([1]), true))))(two)
      .dataSync()
    for (const token of [0, 1]) expect([...own.slice(6 * token, 6 * token + 4)]).toEqual([0, 0, 0, 0])
    const v = two.dataSync()
    expect(largest(own.slice(4, 6), [2 * v[4], 2 * v[5]])).toBeLessThan(1e-6)
  })
})

describe('a model with batch normalization', () => {
  const batch = { images: Float32Array.from({ length: 2 * 3072 }, (_, i) => 1 + Math.sin(i * i)), labels: Uint8Array.of(3, 8) }

  it('moves its running statistics in training only, and evaluates with them', async () => {
    const before = wasm.allocations()
    const model = buildModel('resnet20-bn', 10)
    const runner = wasm.runner(model)
    const [x, g] = [runner.space.zeros(), runner.space.zeros()]
    x.write(initialParameters(model, 1))
    const state = () => runner.state?.read() as Promise<Float32Array>
    const start = await state()
    const trained = await runner.logits(x, batch, 'training')
    expect(largest(trained, await runner.logits(x, batch, 'evaluation'))).toBeGreaterThan(0.1)
    await runner.evaluate(x, batch)
    expect(await state()).toEqual(start)

    await runner.gradient(x, batch, g)
    const moved = await state()
    // What the pass added is a tenth of the batch's statistics, the variance over n - 1. Evaluating with these, over n, is training.
    const statistics = new Float32Array(model.stateSize)
    for (const { name, offset, size, value } of model.state) {
      const positions = { 16: 32 * 32, 32: 16 * 16, 64: 8 * 8 }[size] as number
      const count = 2 * positions
      const correction = name.endsWith('.variance') ? (count - 1) / count : 1
      for (let i = offset; i < offset + size; i++) statistics[i] = 10 * (moved[i] - 0.9 * value) * correction
    }
    runner.state?.write(statistics)
    expect(largest(await runner.logits(x, batch, 'evaluation'), trained)).toBeLessThan(1e-4)
    for (const vector of [runner, x, g]) vector.dispose()
    expect(wasm.allocations()).toBe(before)
  })
})
