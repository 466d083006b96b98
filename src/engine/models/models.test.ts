import { describe, expect, it } from 'vitest'
import { modelNames } from '../config.ts'
import { ModelBuilder } from './builder.ts'
import { buildModel, initialParameters, initialState, type Model } from './index.ts'

/** The values of one parameter at the seeded start. */
function startOf(model: Model, name: string): Float32Array {
  const parameter = model.parameters.find((candidate) => candidate.name === name)
  if (!parameter) throw new Error(`${model.name} has no ${name}`)
  return initialParameters(model, 1).subarray(parameter.offset, parameter.offset + parameter.size)
}

const deviation = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)

describe('models', () => {
  it.each([
    ['cnn', 66_730, 158_980, 11],
    ['resnet20-gn', 272_474, 278_324, 65],
    ['resnet20-bn', 272_474, 278_324, 65],
    ['resnet56-gn', 855_770, 861_620, 173],
    ['resnet56-bn', 855_770, 861_620, 173],
    ['vit', 1_210_186, 1_227_556, 52],
    ['vit-sl', 1_247_578, 1_264_948, 58],
  ] as const)('%s has %i parameters for 10 classes, %i for 100, in %i tensors', (name, ten, hundred, tensors) => {
    const model = buildModel(name, 10)
    expect(model).toMatchObject({ name, classes: 10, size: ten })
    expect(model.parameters).toHaveLength(tensors)
    expect(buildModel(name, 100)).toMatchObject({ classes: 100, size: hundred })
  })

  it.each(modelNames)('%s lays parameters and state out without gaps, under names of their own', (name) => {
    const { parameters, size, state, stateSize } = buildModel(name, 10)
    for (const [list, length] of [
      [parameters, size],
      [state, stateSize],
    ] as const) {
      expect(list.reduce((end, { offset, size }) => (offset === end ? end + size : Number.NaN), 0)).toBe(length)
      expect(new Set(list.map(({ name }) => name)).size).toBe(list.length)
    }
  })

  it('keep running statistics where they normalize over batches: mean 0 and variance 1 at first', () => {
    const model = buildModel('resnet20-bn', 10)
    // 16 channels in 7 layers, 32 in 7 and 64 in 7, a mean and a variance each.
    expect(model.stateSize).toBe(2 * 7 * (16 + 32 + 64))
    expect(model.state[1]).toEqual({ name: 'stem.norm.variance', offset: 16, size: 16, value: 1 })
    const start = initialState(model)
    expect(start.subarray(0, 16).every((value) => value === 0)).toBe(true)
    expect(start.subarray(16, 32).every((value) => value === 1)).toBe(true)
    for (const name of ['cnn', 'resnet20-gn', 'vit', 'vit-sl'] as const)
      expect(buildModel(name, 10)).toMatchObject({ stateSize: 0, state: [] })
  })

  it('start the same for the same seed, as their authors start them', () => {
    const resnet = buildModel('resnet20-gn', 10)
    expect(initialParameters(resnet, 1)).toEqual(initialParameters(resnet, 1))
    expect(initialParameters(resnet, 1)).not.toEqual(initialParameters(resnet, 2))
    expect(deviation(startOf(resnet, 'stage3.block2.conv2.weight')) / Math.sqrt(2 / (9 * 64))).toBeCloseTo(1, 1)
    expect(Math.max(...startOf(resnet, 'head.weight').map(Math.abs))).toBeLessThanOrEqual(1 / 8)

    const vit = buildModel('vit-sl', 10)
    expect(deviation(startOf(vit, 'block0.attention.qkv.weight')) / Math.sqrt(2 / (192 + 576))).toBeCloseTo(1, 1)
    expect(deviation(startOf(vit, 'patch.dense.weight')) / Math.sqrt(2 / (240 + 192))).toBeCloseTo(1, 1)
    expect(deviation(startOf(vit, 'token.position'))).toBeCloseTo(1, 1)
    expect([...startOf(vit, 'block3.attention.temperature')]).toEqual(Array(12).fill(0.25))
    expect([...startOf(vit, 'head.bias')]).toEqual(Array(10).fill(0))
    expect(startOf(vit, 'norm.scale').every((value) => value === 1)).toBe(true)
  })
})

describe('the builder', () => {
  it('refuses layers that do not fit, by name', () => {
    const g = new ModelBuilder()
    expect(() => g.patches('cut', g.input, { size: 5, shift: 0 })).toThrow(/cut: 32 x 32 pixels do not divide into squares of 5/)
    expect(() => g.tokens('tokens', g.input)).toThrow(/tokens: takes \[tokens, width\], got shape 32,32,3/)
    const rows = g.patches('cut', g.input, { size: 4, shift: 0 })
    expect(() => g.attention('look', rows, { heads: 5, temperature: null, masked: false })).toThrow(/look: 48 columns do not divide/)
    expect(() => g.batchNorm('norm', rows)).toThrow(/norm: takes \[height, width, channels\], got shape 64,48/)
  })
})
