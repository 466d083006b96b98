import { expect, it } from 'vitest'
import { buildModel } from '../../models/index.ts'
import { contract } from '../contract/index.fixture.ts'
import type { Contents, Target } from '../contract/target.fixture.ts'
import { openParts } from './backend.ts'
import { compileForCpu } from './compiled.ts'
import { profileStep } from './profile.ts'
import { simdRunner } from './runner.ts'

const parts = openParts()

const simd: Target = {
  name: 'simd',
  async run(plan, { regions, parameters, gradient, state, labels }) {
    const { heap } = await parts
    const compiled = compileForCpu(plan, heap)
    const { layout, scratch, steps } = compiled
    const vectors = [parameters, gradient, state].map((values) => ({ values, address: heap.allocate(values.length) }))
    const [atParameters, atGradient, atState] = vectors.map(({ address }) => address)
    for (let time = 0; time < 2; time++) {
      for (const { values, address } of vectors) heap.floats(address, values.length).set(values)
      for (const [region, values] of regions) heap.floats(layout.of(region), values.length).set(values)
      heap.bytes(layout.labels, labels.length).set(labels)
      for (const step of steps) step.run({ parameters: atParameters, gradient: atGradient, state: atState, scratch })
    }
    const read = (address: number, size: number) => heap.floats(address, size).slice()
    const found: Contents = {
      regions: new Map([...regions].map(([region, values]) => [region, read(layout.of(region), values.length)])),
      parameters,
      gradient: read(atGradient, gradient.length),
      state: read(atState, state.length),
      labels,
    }
    for (const { address } of vectors) heap.release(address)
    compiled.destroy()
    return found
  },
}

contract(simd)

const batchOf = (count: number) => ({
  images: Float32Array.from({ length: count * 3_072 }, (_, i) => Math.sin(i)),
  labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
})

it('trains resnet20-gn with batches of 16 in less than 64 MiB, all vectors and plans in, and takes no more from then on', async () => {
  const { heap, plans } = await openParts()
  const runner = simdRunner(buildModel('resnet20-gn', 10), heap, plans)
  await runner.prepare(16)
  const [x, g, m] = [runner.space.zeros(), runner.space.zeros(), runner.space.zeros()]
  const [size, blocks] = [heap.size, heap.blocks]
  expect(size).toBeLessThan(64 * 2 ** 20)
  for (let step = 0; step < 3; step++) {
    await runner.gradient(x, batchOf(16), g)
    x.add(-0.1, m.scale(0.9).add(1, g))
  }
  await runner.evaluate(x, batchOf(7))
  expect([heap.size, heap.blocks]).toEqual([size, blocks])
  for (const vector of [x, g, m]) vector.dispose()
  runner.dispose()
  // Plans are given back when their promises are settled.
  await expect.poll(() => heap.blocks).toBe(0)
})

it('says what it wants when there is no room for it', async () => {
  const { heap } = await openParts()
  for (const mib of [900, 4096]) {
    const allocate = () => Array.from({ length: 5 }, () => heap.allocate((mib * 2 ** 20) / 4))
    expect(allocate).toThrow(`backend: simd wants ${mib} MiB beside`)
  }
})

it('times every operation of a training step, and knows what its products compute', async () => {
  const choice = { name: 'simd', reason: 'a test', adapter: null, hardware: false, selfTest: null } as const
  const { peakGflops, stepMs, stepGflops, kernels } = await profileStep(choice, buildModel('cnn', 10), batchOf(2), 0.001)
  expect(Math.min(peakGflops, stepMs, stepGflops, ...kernels.map(({ msPerStep }) => msPerStep))).toBeGreaterThan(0)
  const found = kernels.find(({ kernel, size }) => kernel === 'conv input gradient' && size === '3x3, 16x16, 32 to 64')
  expect((found?.gflops ?? 0) * (found?.msPerStep ?? 0) * 1e6).toBeCloseTo(2 * 2 * 256 * 9 * 32 * 64, 0)
})
