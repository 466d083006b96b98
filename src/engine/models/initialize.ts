import { randomNormal, randomUniform } from 'd3-random'
import { randomStream } from '../random.ts'
import type { Model } from './types.ts'

/** The seeded start of training: the same flat parameter vector on every peer. */
export function initialParameters(model: Model, seed: number): Float32Array {
  const { uniform } = randomStream(seed, 'init')
  const values = new Float32Array(model.size)
  for (const { offset, size, init } of model.parameters) {
    const draw = drawerOf(init, uniform)
    for (let i = offset; i < offset + size; i++) values[i] = draw()
  }
  return values
}

/** The start of the state vector. */
export function initialState(model: Model): Float32Array {
  const values = new Float32Array(model.stateSize)
  for (const { offset, size, value } of model.state) values.fill(value, offset, offset + size)
  return values
}

function drawerOf(init: Model['parameters'][number]['init'], uniform: () => number): () => number {
  switch (init.kind) {
    case 'normal':
      return randomNormal.source(uniform)(0, init.std)
    case 'uniform':
      return randomUniform.source(uniform)(-init.bound, init.bound)
    case 'constant':
      return () => init.value
    default:
      init satisfies never
      throw new Error('unreachable')
  }
}
