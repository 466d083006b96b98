import { expect, it } from 'vitest'
import { buildModel, byteTable, type ModelName, type StoredPictures } from '../../../engine/index.ts'
import { type EngineName, openLoop } from './engines.ts'

/** One picture. */
const pictures: StoredPictures = {
  bytes: Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => 128 + 60 * Math.sin(i * 0.013) + 60 * Math.cos(i * 0.7)),
  crops: new Int8Array(3),
  table: byteTable({ mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] }),
}
const open = (engine: EngineName, name: ModelName) => openLoop(engine, buildModel(name, 10), pictures, Uint8Array.of(3))

// ResNet20 has the layers of cnn; the bench itself compares the losses of whatever it measures.
it.each(['cnn', 'vit'] as const)('jax-js trains the same %s as tfjs', async (name) => {
  const [mine, its] = [await open('jax-js-wasm', name), await open('tfjs-wasm', name)]
  for (let step = 0; step < 3; step++) {
    const expected = await its.step()
    expect(Math.abs((await mine.step()) - expected) / expected).toBeLessThan(1e-3)
  }
})

it('says which layer is missing in jax-js', async () => {
  const loop = await open('jax-js-wasm', 'resnet20-bn')
  await expect(loop.step()).rejects.toThrow('jax-js: the layer batch-norm of this model is not written for it')
})
