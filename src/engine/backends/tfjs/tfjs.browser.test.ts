import { describe, expect, it, vi } from 'vitest'
import { algorithms } from '../../algorithms/index.ts'
import { exactTopK } from '../../compressors/index.ts'
import { buildModel, initialParameters } from '../../models/index.ts'
import { type BackendName, chooseBackend, openBackend } from '../index.ts'

const model = buildModel('cnn', 10)
const batch = { images: Float32Array.from({ length: 2 * 3072 }, (_, i) => Math.sin(i)), labels: Uint8Array.of(3, 8) }

/** Loss and gradient at the seeded start, then five momentum steps of a real algorithm. */
async function trainOn(name: BackendName) {
  const backend = await openBackend(await chooseBackend(name))
  const runner = backend.runner(model)
  const [x, g] = [runner.space.zeros(), runner.space.zeros()]
  x.write(initialParameters(model, 1))
  await runner.gradient(x, batch, g)
  const loss = await runner.loss()
  const gradient = await g.read()
  const unused = exactTopK(1)
  const algorithm = algorithms[0].create(
    { beta: 0.9, s: 0.5, localSteps: 10, mixMomentum: false },
    { model: x, space: runner.space, compressor: unused, resetCompressor: unused },
  )
  const before = backend.allocations()
  const losses: number[] = []
  for (let step = 0; step < 5; step++)
    await algorithm.step({
      ...{ rank: 0, size: 1, step, learningRate: 0.005 },
      async gradient(at) {
        await runner.gradient(at, batch, g)
        losses.push(await runner.loss())
        return g
      },
      mix: async () => {},
      average: async () => {},
      averageMessage: async (message) => message,
      mixMessage: async (message) => message,
      neighbors: () => [],
      trade: async () => new Map(),
    })
  expect(backend.allocations()).toBe(before)
  return { choice: backend.choice, loss, gradient, losses }
}

const norm = (values: Float32Array) => Math.hypot(...values)

describe('in the browser', () => {
  it('auto takes the compiled engine, on the GPU only where it is hardware, and says why', async () => {
    const choice = await chooseBackend('auto')
    expect(choice.name).toBe(choice.hardware ? 'wgsl' : 'simd')
    expect(choice.reason).not.toBe('')
  })

  it('webgpu computes small vectors on the device too', async () => {
    const space = (await openBackend(await chooseBackend('webgpu'))).vectors(4)
    const [x, y] = [space.zeros(), space.zeros()]
    x.write(Float32Array.of(1, 2, 3, 4))
    y.write(Float32Array.of(1, 1, 1, 1))
    const dispatches = vi.spyOn(GPUComputePassEncoder.prototype, 'dispatchWorkgroups')
    expect([...(await x.add(2, y).read())]).toEqual([3, 4, 5, 6])
    expect(dispatches).toHaveBeenCalled()
    dispatches.mockRestore()
    for (const vector of [x, y]) vector.dispose()
  })

  it('wasm, webgl and webgpu train as the plain cpu backend does', async () => {
    const reference = await trainOn('cpu')
    expect(reference.losses[4]).toBeLessThan(reference.losses[0])
    for (const name of ['wasm', 'webgl', 'webgpu'] as const) {
      const { choice, loss, gradient, losses } = await trainOn(name)
      expect(choice.name).toBe(name)
      if (name === 'webgpu') expect(choice.adapter).toBeTruthy()
      expect(Math.abs(loss - reference.loss), `loss on ${name}`).toBeLessThan(1e-4)
      const difference = norm(gradient.map((value, i) => value - reference.gradient[i])) / norm(reference.gradient)
      expect(difference, `gradient on ${name}`).toBeLessThan(1e-3)
      expect(Math.abs(losses[4] - reference.losses[4]), `loss after 5 steps on ${name}`).toBeLessThan(1e-2)
    }
  })
})
