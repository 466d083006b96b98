import type { Backend, BackendChoice } from './types.ts'

/** Starts the chosen backend; its code is loaded only then. @throws LabError `backend` */
export async function openBackend(choice: BackendChoice): Promise<Backend> {
  if (choice.name === 'wgsl') return (await import('./wgsl/backend.ts')).openWgsl(choice)
  const { openTfjs } = await import('./tfjs/backend.ts')
  return openTfjs(choice)
}

export { chooseBackend } from './choose.ts'
export { plainVectors } from './plain/vector.ts'
export type { Backend, BackendChoice, BackendName, Batch, EvaluationResult, ModelRunner, SelfTest } from './types.ts'
