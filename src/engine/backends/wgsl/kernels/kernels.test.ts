import { describe, expect, it } from 'vitest'
import { modelNames } from '../../../config.ts'
import { buildModel } from '../../../models/index.ts'
import { compilePlan } from '../../../plan/index.ts'
import { integersOf, type Place } from '../kernel.ts'
import { softwareTiles } from '../tiles.ts'
import { kernelsOf } from './index.ts'

/** What every WebGPU device has, https://www.w3.org/TR/webgpu/#limits */
const MOST_STORAGE_BUFFERS = 8
/** between the uniform blocks of a plan */
const BLOCK_BYTES = 256

describe.each(modelNames)('the dispatches of %s', (name) => {
  // Batches of odd and even sizes take different kernels; 7 classes put parameters at offsets that do not divide by 4.
  const dispatches = [
    [1, 10],
    [16, 7],
  ].flatMap(([batch, classes]) =>
    (['gradient', 'evaluation'] as const).flatMap((purpose) => {
      const { operations, memory } = compilePlan(buildModel(name, classes), batch, purpose)
      return operations.flatMap((operation) => kernelsOf(operation, softwareTiles)).map((kernel) => ({ kernel, memory }))
    }),
  )

  it('count in whole numbers', () => {
    for (const { kernel } of dispatches) {
      expect(Object.values({ ...kernel.integers, threads: kernel.threads }).filter((value) => !Number.isInteger(value))).toEqual([])
      expect(kernel.threads).toBeGreaterThan(0)
    }
  })

  it('keep to the limits of every device', () => {
    for (const { kernel } of dispatches) {
      expect(Object.keys(kernel.buffers).length, kernel.name).toBeLessThanOrEqual(MOST_STORAGE_BUFFERS)
      expect(integersOf(kernel).byteLength, kernel.name).toBeLessThanOrEqual(BLOCK_BYTES)
    }
  })

  it('bind no buffer twice that they write to', () => {
    for (const { kernel, memory } of dispatches) {
      const buffer = (at: Place) => (typeof at === 'string' ? at : memory.slotOf.get(at.id))
      const bindings = Object.values(kernel.buffers)
      for (const { at, writes } of bindings)
        if (writes) expect(bindings.filter((other) => buffer(other.at) === buffer(at)).length, kernel.name).toBe(1)
    }
  })
})
