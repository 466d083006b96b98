import type { Plan, Region } from '../../plan/index.ts'

/** What a plan computes with: before it runs, and after. */
export interface Contents {
  /** what each region and all behind it hold */
  regions: Map<Region, Float32Array>
  parameters: Float32Array
  gradient: Float32Array
  state: Float32Array
  labels: number[]
}

/** A device that runs compiled plans; both of the engine's must keep the contract of this folder. */
export interface Target {
  name: 'wgsl' | 'simd'
  /**
   * Runs a plan twice over the same contents, so that the memory that kernels share is dirty the second time.
   * @param variant a device that can compute in several ways takes one by this number; 0 is the ordinary one
   */
  run(plan: Plan, contents: Contents, variant: number): Promise<Contents>
}
