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

describe.each(['wasm', 'cpu'] as const)('reference cases on %s', (name) => {
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

// On wasm only: the plain cpu backend takes half a minute for each model.
describe('model cases', () => {
  it.skipIf(!found).each(found ? built : ['(../shared/reference is missing)'])('%s on wasm', async (folder) => {
    const backend = await openBackend(await chooseBackend('wasm'))
    const file = (fileName: string) => floats('models', folder, fileName)
    const files = {
      manifest: json('models', folder, 'manifest.json'),
      logits: json('models', folder, 'logits.json'),
      weights: file('weights.bin'),
      grads: file('grads.bin'),
      images: file('images.bin'),
    }
    expect(await verifyModelCase(files, backend)).toMatchObject({ status: 'passed' })
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
