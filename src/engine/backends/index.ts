import type { Model } from '../models/types.ts'
import type { StepProfile } from './step-profile.ts'
import type { Backend, BackendChoice, Batch } from './types.ts'

/** Starts the chosen backend; its code is loaded only then. @throws LabError `backend` */
export async function openBackend(choice: BackendChoice): Promise<Backend> {
  if (choice.name === 'wgsl') return (await import('./wgsl/backend.ts')).openWgsl(choice)
  if (choice.name === 'simd') return (await import('./simd/backend.ts')).openSimd(choice)
  const { openTfjs } = await import('./tfjs/backend.ts')
  return openTfjs(choice)
}

/** Where the time of a training step goes on wgsl or simd, whose code is loaded only then. @throws LabError `backend` */
export async function profileStep(choice: BackendChoice, model: Model, batch: Batch, seconds: number): Promise<StepProfile> {
  const { profileStep } = await (choice.name === 'simd' ? import('./simd/profile.ts') : import('./wgsl/profile.ts'))
  return profileStep(choice, model, batch, seconds)
}

export { chooseBackend } from './choose.ts'
export { plainVectors } from './plain/vector.ts'
export type { KernelTime, StepProfile } from './step-profile.ts'
export type { Backend, BackendChoice, BackendName, Batch, EvaluationResult, ModelRunner, SelfTest } from './types.ts'
