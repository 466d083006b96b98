import { type BackendName, type Model, normalize, type StoredPictures } from '../../../engine/index.ts'
import { labLoop } from './lab-loop.ts'
import type { TrainingLoop } from './training-loop.ts'

/** Who trains: the lab's own engine, and its peers. */
export const engineNames = ['wgsl', 'simd', 'tfjs-webgpu', 'jax-js-webgpu', 'tfjs-wasm', 'tfjs-webgl', 'jax-js-wasm'] as const
export type EngineName = (typeof engineNames)[number]

/** The device of an engine, as the lab calls it. */
export function deviceOf(engine: EngineName): BackendName {
  return engine.split('-').at(-1) as BackendName
}

/** Gets ready to train. wgsl and simd normalize pictures themselves; the others get them as they want them. jax-js is loaded only for its own engines. */
export async function openLoop(engine: EngineName, model: Model, pictures: StoredPictures, labels: Uint8Array): Promise<TrainingLoop> {
  const normalized = { images: normalize(pictures), labels }
  switch (engine) {
    case 'wgsl':
    case 'simd':
      return labLoop(engine, model, { images: pictures, labels })
    case 'jax-js-webgpu':
      return (await import('./jax-loop.ts')).jaxLoop('webgpu', model, normalized)
    case 'jax-js-wasm':
      return (await import('./jax-loop.ts')).jaxLoop('wasm', model, normalized)
    default:
      return labLoop(deviceOf(engine), model, normalized)
  }
}
