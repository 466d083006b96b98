import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { algorithms, type Backend, chooseBackend, modelNames, openBackend } from '../../engine/index.ts'
import { resultOf, verifyModelCase, verifyTrajectory } from './index.ts'

const reference = path.resolve(import.meta.dirname, '../../../../shared/reference')
const found = existsSync(reference)
const read = (...names: string[]) => readFileSync(path.join(reference, ...names))
const json = (...names: string[]) => JSON.parse(read(...names).toString('utf8'))
const floats = (...names: string[]) => {
  const bytes = read(...names)
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}

const trajectories = found ? readdirSync(path.join(reference, 'cases')).filter((name) => name.endsWith('.json')) : []
const implemented = trajectories.filter((name) => algorithms.some(({ id }) => id === json('cases', name).algorithm.id))
const models = found ? readdirSync(path.join(reference, 'models'), { withFileTypes: true }).filter((entry) => entry.isDirectory()) : []
const built = models
  .map((entry) => entry.name)
  .filter((name) => modelNames.some((known) => known === json('models', name, 'manifest.json').model))

const filesOf = (folder: string) => {
  const file = (name: string) => floats('models', folder, name)
  return {
    manifest: json('models', folder, 'manifest.json'),
    logits: json('models', folder, 'logits.json'),
    weights: file('weights.bin'),
    grads: file('grads.bin'),
    images: file('images.bin'),
  }
}

describe.each(['simd', 'wasm', 'cpu'] as const)('reference cases on %s', (name) => {
  let backend: Backend
  beforeAll(async () => {
    backend = await openBackend(await chooseBackend(name))
  })

  it.skipIf(!found).each(found ? implemented : ['(../shared/reference is missing)'])('trajectory %s', async (file) => {
    const before = backend.allocations()
    expect(await verifyTrajectory(json('cases', file), backend)).toMatchObject({ status: 'passed' })
    expect(backend.allocations()).toBe(before)
  })
})

// The plain cpu backend takes minutes for each model.
describe.each(['simd', 'wasm'] as const)('model cases on %s', (name) => {
  it.skipIf(!found).each(found ? built : ['(../shared/reference is missing)'])('%s', async (folder) => {
    const backend = await openBackend(await chooseBackend(name))
    expect(await verifyModelCase(filesOf(folder), backend)).toMatchObject({ status: 'passed' })
  })
})

describe('verification', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await openBackend(await chooseBackend('wasm'))
  })

  it.skipIf(!found)('covers each algorithm with a case', () => {
    const covered = new Set(implemented.map((name) => json('cases', name).algorithm.id))
    // The two ends of every comparison need no case: they exchange nothing.
    const expected = algorithms.map(({ id }) => id).filter((id) => id !== 'local' && id !== 'centralized')
    expect(covered).toEqual(new Set(expected))
  })

  it.skipIf(!found)('fails when a hyperparameter, a matrix or a count of floats is wrong', async () => {
    const original = json('cases', 'd-sum-ring8-k4.json')
    const changed = (change: (copy: typeof original) => void) => {
      const copy = structuredClone(original)
      change(copy)
      return verifyTrajectory(copy, backend)
    }
    expect(await changed(() => {})).toMatchObject({ status: 'passed' })
    expect(await changed((copy) => (copy.algorithm.s = 0.6))).toMatchObject({ status: 'failed' })
    expect(await changed((copy) => (copy.algorithm.localSteps = 5))).toMatchObject({ status: 'failed' })
    expect(await changed((copy) => (copy.algorithm.mixMomentum = true))).toMatchObject({ status: 'failed' })
    expect(await changed((copy) => copy.topology.mixing.reverse())).toMatchObject({ status: 'failed' })
    expect(await changed((copy) => (copy.checkpoints[3].sentScalars += 1))).toMatchObject({ status: 'failed' })
  })

  it.skipIf(!found)(
    'fails when an intermediate result, a running statistic or a logit in evaluation mode is wrong, and names it',
    async () => {
      const original = filesOf('resnet20-bn-seed1')
      // The first losses and one intermediate result are enough here.
      original.manifest.sgd.steps = 0
      original.manifest.sgdDecay.steps = 0
      original.manifest.activations.splice(1)
      const changed = (change: (manifest: typeof original.manifest) => void) => {
        const manifest = structuredClone(original.manifest)
        change(manifest)
        return verifyModelCase({ ...original, manifest }, backend)
      }
      expect(await changed(() => {})).toMatchObject({ status: 'passed' })
      const failure = (detail: string) => ({ status: 'failed', detail })
      expect(await changed(({ activations }) => (activations[0].l2 *= 1.001))).toMatchObject(failure('norm of stem'))
      expect(await changed(({ activations }) => (activations[0].mean += 1e-3))).toMatchObject(failure('mean of stem'))
      expect(await changed(({ runningStats }) => (runningStats['stem.norm'].variance[3] += 1e-2))).toMatchObject(
        failure('running stem.norm.variance'),
      )
      expect(await changed(({ evalLogits }) => (evalLogits[2][1] += 0.1))).toMatchObject(failure('logits in evaluation mode'))
    },
  )

  it.skipIf(!found)('says what is not implemented', async () => {
    const unknown = { ...json('cases', 'd-sum-ring8-k4.json'), algorithm: { id: 'adam' } }
    expect(await verifyTrajectory(unknown, backend)).toEqual({ id: 'd-sum-ring8-k4', status: 'not-implemented', detail: 'algorithm adam' })
  })

  it('never passes what is not a number', () => {
    const measures = [
      { name: 'fine', error: 0, tolerance: 1 },
      { name: 'nan', error: Number.NaN, tolerance: 1 },
    ]
    expect(resultOf('case', measures)).toMatchObject({ status: 'failed', detail: 'nan' })
  })

  afterAll(() => expect(backend.allocations()).toBe(0))
})
