import { beforeAll, describe, expect, it } from 'vitest'
import { IMAGE_BYTES, normalize, type StoredPictures } from '../../data/index.ts'
import { ModelBuilder } from '../../models/builder.ts'
import { buildModel, initialParameters } from '../../models/index.ts'
import { randomStream } from '../../random.ts'
import { type Backend, chooseBackend, openBackend } from '../index.ts'
import { selfTest } from './self-test.ts'

const batch = { images: Float32Array.from({ length: 3072 }, (_, i) => Math.sin(i)), labels: Uint8Array.of(3) }

let backend: Backend
beforeAll(async () => {
  backend = await openBackend(await chooseBackend('wgsl'))
})

/** Mean colors, then a dense layer. */
function smallModel() {
  const g = new ModelBuilder()
  g.dense('head', g.meanPool('pool', g.input), 10, { weight: { kind: 'uniform', bound: 1 }, bias: null })
  return g.build('small')
}

describe('training on wgsl', () => {
  it('makes no buffer after the second step, and learns', async () => {
    const model = buildModel('cnn', 10)
    const runner = backend.runner(model)
    const [x, g, m] = [runner.space.zeros(), runner.space.zeros(), runner.space.zeros()]
    x.write(initialParameters(model, 1))
    const losses: number[] = []
    const buffers: number[] = []
    for (let step = 0; step < 50; step++) {
      await runner.gradient(x, batch, g)
      // Some losses nobody asks for.
      if (step % 3 !== 2) losses.push(await runner.loss())
      x.add(-0.005, m.scale(0.9).add(1, g))
      buffers.push(backend.allocations())
    }
    expect(new Set(buffers.slice(1)).size).toBe(1)
    expect(losses[losses.length - 1]).toBeLessThan(losses[0] / 2)
  })

  it.each([5, 6])('passes its own test on batches of %i', async (batch) => {
    const runner = backend.runner(buildModel('cnn', 10))
    const stages: number[] = []
    const found = await runner.prepare(batch, (fraction) => stages.push(fraction))
    expect(found?.loss).toBeLessThan(1e-4)
    expect(found?.gradient).toBeLessThan(1e-4)
    expect(stages.at(-1)).toBe(1)
    runner.dispose()
  })

  it('fails its test on a device that computes something else', async () => {
    const model = buildModel('cnn', 10)
    const runner = backend.runner(model)
    const broken = {
      ...runner,
      gradient: async (...[at, batch, into]: Parameters<typeof runner.gradient>) => {
        await runner.gradient(at, batch, into)
        into.scale(1.02)
      },
    }
    await expect(selfTest(model, broken, 4)).rejects.toThrow('fails the self-test of wgsl on cnn')
    runner.dispose()
  })

  it('goes on after tens of thousands of commands', async () => {
    const model = smallModel()
    const runner = backend.runner(model)
    const [x, g] = [runner.space.zeros(), runner.space.zeros()]
    x.write(initialParameters(model, 1))
    const losses: number[] = []
    for (let round = 0; round < 8; round++) {
      for (let i = 0; i < 5_000; i++) x.scale(i % 2 === 0 ? 2 : 0.5)
      await runner.gradient(x, batch, g)
      losses.push(await runner.loss())
    }
    expect(new Set(losses).size).toBe(1)
  })

  it('tells the loss of the last gradient, whenever it is asked and however often', async () => {
    const runner = backend.runner(smallModel())
    const [x, g] = [runner.space.zeros(), runner.space.zeros()]
    const lossAt = async (values: Float32Array) => {
      x.write(values)
      await runner.gradient(x, batch, g)
      return runner.loss()
    }
    const [zero, one] = [new Float32Array(30), initialParameters(smallModel(), 1)]
    const expected = [await lossAt(zero), await lossAt(one)]
    expect(expected[0]).toBeCloseTo(Math.log(10), 5)
    expect(expected[1]).not.toBe(expected[0])
    x.write(one)
    await runner.gradient(x, batch, g)
    x.write(zero)
    await runner.gradient(x, batch, g)
    x.write(one)
    expect([await runner.loss(), await runner.loss()]).toEqual([expected[0], expected[0]])
  })

  it('tells models apart that have the same name', async () => {
    const g = new ModelBuilder()
    g.dense('head', g.flatten('flatten', g.input), 10, { weight: { kind: 'uniform', bound: 1 }, bias: null })
    for (const model of [smallModel(), g.build('small')]) {
      const runner = backend.runner(model)
      const [x, into] = [runner.space.zeros(), runner.space.zeros()]
      await runner.gradient(x, batch, into)
      expect(await runner.loss()).toBeCloseTo(Math.log(10), 5)
      expect((await into.read()).at(-1)).not.toBe(0)
    }
  })

  it('crops, mirrors and normalizes stored pictures to the bit as the processor does', async () => {
    const random = randomStream(1, 'pictures')
    const runner = backend.runner(new ModelBuilder().build('pictures themselves'))
    const x = runner.space.zeros()
    for (const count of [1, 6]) {
      const images: StoredPictures = {
        bytes: Uint8Array.from({ length: count * IMAGE_BYTES }, () => random.integer(256)),
        crops: Int8Array.from({ length: count * 3 }, (_, i) => (i % 3 === 2 ? random.integer(2) : random.integer(9) - 4)),
        table: Float32Array.from({ length: 3 * 256 }, () => random.uniform()),
      }
      const made = await runner.logits(x, { images, labels: new Uint8Array(count) }, 'evaluation')
      const different = normalize(images).findIndex((value, i) => made[i] !== value)
      expect(different).toBe(-1)
    }
  })
})
