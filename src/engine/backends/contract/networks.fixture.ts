import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { ModelBuilder, type Wire } from '../../models/builder.ts'
import type { Init, Model } from '../../models/types.ts'
import { randomStream } from '../../random.ts'
import { type Backend, type Batch, chooseBackend, openBackend } from '../index.ts'
import { expectClose } from './float64.fixture.ts'
import type { Target } from './target.fixture.ts'
import { noise } from './trial.fixture.ts'

const CLASSES = 5
/** of whole networks, in float32 on both sides */
const TOLERANCE = 1e-4
const uniform: Init = { kind: 'uniform', bound: 1 }
const random = randomStream(1, 'layers')

/** Whole small networks against tfjs. */
export function networksContract({ name: target }: Target): void {
  let own: Backend
  let reference: Backend
  beforeAll(async () => {
    own = await openBackend(await chooseBackend(target))
    reference = await openBackend(await chooseBackend('cpu'))
  })

  let models = 0
  /** A model of a name of its own: what is built on the input, and a dense layer that gives logits. */
  function modelOf(build: (g: ModelBuilder) => Wire): Model {
    const g = new ModelBuilder()
    g.dense('head', build(g), CLASSES, { weight: uniform, bias: uniform })
    return g.build(`model ${models++}`)
  }

  /** Uniform in [-1, 1), scales in [0.5, 1.5), weights smaller the more of them are summed up. */
  function parametersOf(model: Model): Float32Array {
    const values = noise(random, model.size)
    for (const { name, shape, offset, size } of model.parameters) {
      const inputs = shape.slice(0, -1).reduce((a, b) => a * b, 1)
      for (let i = offset; i < offset + size; i++) values[i] = name.endsWith('.scale') ? 1 + values[i] / 2 : values[i] / Math.sqrt(inputs)
    }
    return values
  }

  /** Everything that a runner computes. */
  async function compute(backend: Backend, model: Model, parameters: Float32Array, batch: Batch) {
    const runner = backend.runner(model)
    const [x, g] = [runner.space.zeros(), runner.space.zeros()]
    x.write(parameters)
    await runner.gradient(x, batch, g)
    const loss = await runner.loss()
    const { lossSum, predictions, probabilities } = await runner.evaluate(x, batch)
    const results = {
      ...{ losses: Float32Array.of(loss, lossSum), predictions, probabilities, gradient: await g.read() },
      state: (await runner.state?.read()) ?? new Float32Array(0),
      training: await runner.logits(x, batch, 'training'),
      evaluation: await runner.logits(x, batch, 'evaluation'),
    }
    x.dispose()
    g.dispose()
    runner.dispose()
    return results
  }

  async function compare(pictures: number, build: (g: ModelBuilder) => Wire): Promise<void> {
    const model = modelOf(build)
    const parameters = parametersOf(model)
    const batch = {
      images: noise(random, pictures * 32 * 32 * 3),
      labels: Uint8Array.from({ length: pictures }, () => random.integer(CLASSES)),
    }
    const mine = await compute(own, model, parameters, batch)
    const its = await compute(reference, model, parameters, batch)
    expectClose(mine.losses, its.losses, 'losses', { tolerance: TOLERANCE })
    expect(mine.predictions, 'predictions').toEqual(its.predictions)
    expectClose(mine.probabilities, its.probabilities, 'probabilities', { tolerance: TOLERANCE })
    for (const { name, offset, size } of model.parameters) {
      const part = (values: Float32Array) => values.subarray(offset, offset + size)
      expectClose(part(mine.gradient), part(its.gradient), `gradient of ${name}`, { tolerance: TOLERANCE })
    }
    expectClose(mine.training, its.training, 'logits in training mode', { tolerance: TOLERANCE })
    expectClose(mine.evaluation, its.evaluation, 'logits in evaluation mode', { tolerance: TOLERANCE })
    expectClose(mine.state, its.state, 'state', { tolerance: TOLERANCE })
  }

  const settings = { seed: 3, numRuns: 3, endOnFailure: true }

  describe('small networks compute what they do on tfjs', () => {
    it('a convolution of any shape, group normalization, ReLU', () => {
      const shapes = fc.record({
        pictures: fc.constantFrom(1, 3),
        kernel: fc.constantFrom(1, 2, 3, 5),
        stride: fc.constantFrom(1, 2, 3),
        pad: fc.constantFrom(0, 1, 2),
        groups: fc.constantFrom(1, 2, 3),
        perGroup: fc.constantFrom(2, 4),
      })
      return fc.assert(
        fc.asyncProperty(shapes, ({ pictures, kernel, stride, pad, groups, perGroup }) =>
          compare(pictures, (g) => {
            const h = g.conv('conv', g.input, { out: groups * perGroup, kernel, stride, pad })
            return g.meanPool('pool', g.relu('relu', g.groupNorm('norm', h, groups)))
          }),
        ),
        settings,
      )
    })

    it('residual blocks with batch normalization, the second with a shortcut and stride 2', () =>
      compare(3, (g) => {
        const conv = (name: string, x: Wire, out: number, stride = 1) => g.conv(name, x, { out, kernel: 3, stride, pad: 1 })
        let x = g.relu('stem', g.batchNorm('stem.norm', g.conv('stem.conv', g.input, { out: 6, kernel: 5, stride: 3, pad: 0 })))
        let h = g.relu('a.relu', g.batchNorm('a.norm1', conv('a.conv1', x, 6)))
        x = g.relu('a', g.add('a.add', g.batchNorm('a.norm2', conv('a.conv2', h, 6)), x))
        h = g.relu('b.relu', g.batchNorm('b.norm1', conv('b.conv1', x, 8, 2)))
        const shortcut = g.batchNorm('b.shortcut.norm', g.conv('b.shortcut', x, { out: 8, kernel: 1, stride: 2, pad: 0 }))
        x = g.relu('b', g.add('b.add', shortcut, g.batchNorm('b.norm2', conv('b.conv2', h, 8))))
        return g.meanPool('pool', x)
      }))

    it('pooling of squares that leave a rest, and a flattened picture', () =>
      compare(2, (g) => {
        const x = g.maxPool('pool1', g.conv('conv1', g.input, { out: 5, kernel: 3, stride: 2, pad: 0 }), 2)
        return g.flatten('flatten', g.maxPool('pool2', g.groupNorm('norm', x, 1), 3))
      }))

    it('what cannot be merged: ReLUs without normalization, a normalization with two users, sums of one value', () =>
      compare(2, (g) => {
        const x = g.relu('relu1', g.conv('conv1', g.batchNorm('norm1', g.input), { out: 4, kernel: 3, stride: 4, pad: 1 }))
        const h = g.groupNorm('norm2', x, 2)
        const sum = g.relu('relu2', g.add('add1', x, g.relu('relu3', h)))
        return g.meanPool('pool', g.relu('relu4', g.add('add2', g.add('add3', sum, sum), h)))
      }))

    it('transformers of any shape', () => {
      const shapes = fc.record({
        pictures: fc.constantFrom(1, 3),
        size: fc.constantFrom(8, 16),
        shift: fc.constantFrom(0, 2, 3),
        heads: fc.constantFrom(1, 2, 3),
        perHead: fc.constantFrom(3, 4, 8),
        temperature: fc.constantFrom(null, 'temperature'),
        masked: fc.boolean(),
      })
      return fc.assert(
        fc.asyncProperty(shapes, ({ pictures, size, shift, heads, perHead, temperature, masked }) =>
          compare(pictures, (g) => {
            const width = heads * perHead
            const dense = (name: string, x: Wire, out: number, bias: Init | null = uniform) =>
              g.dense(name, x, out, { weight: uniform, bias })
            let x = g.tokens('tokens', dense('patch', g.layerNorm('patch.norm', g.patches('patches', g.input, { size, shift })), width))
            const qkv = dense('qkv', g.layerNorm('norm1', x), 3 * width, null)
            x = g.add('attention', x, dense('out', g.attention('heads', qkv, { heads, temperature, masked }), width))
            x = g.add('mlp', x, dense('dense2', g.gelu('gelu', dense('dense1', g.layerNorm('norm2', x), 10)), width))
            return g.layerNorm('norm', g.firstToken('class', x))
          }),
        ),
        settings,
      )
    })
  })
}
