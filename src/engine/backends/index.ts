import type { Model } from '../models/types.ts'
import type { Backend, BackendChoice, Batch } from './types.ts'
import type { StepProfile } from './wgsl/profile.ts'

/** Starts the chosen backend; its code is loaded only then. @throws LabError `backend` */
export async function openBackend(choice: BackendChoice): Promise<Backend> {
  if (choice.name === 'wgsl') return (await import('./wgsl/backend.ts')).openWgsl(choice)
  const { openTfjs } = await import('./tfjs/backend.ts')
  return openTfjs(choice)
}

/** As `profileStep` of wgsl, whose code is loaded only then. @throws LabError `backend` */
export async function profileStep(choice: BackendChoice, model: Model, batch: Batch, seconds: number): Promise<StepProfile> {
  return (await import('./wgsl/profile.ts')).profileStep(choice, model, batch, seconds)
}

export { chooseBackend } from './choose.ts'
export { plainVectors } from './plain/vector.ts'
export type { Backend, BackendChoice, BackendName, Batch, EvaluationResult, ModelRunner, SelfTest } from './types.ts'
export type { KernelTime, StepProfile } from './wgsl/profile.ts'
