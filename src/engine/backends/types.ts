import type { Model } from '../models/types.ts'
import type { Vector, VectorSpace } from '../vector.ts'

export type BackendName = 'wasm' | 'webgpu' | 'webgl' | 'cpu'

/** Which backend computes, and why: always on screen and in the results. */
export interface BackendChoice {
  name: BackendName
  /** one sentence for the user */
  reason: string
  /** the WebGPU adapter the browser offers, e.g. "google swiftshader (software)"; null without one */
  adapter: string | null
  /** true only for a hardware WebGPU adapter */
  hardware: boolean
}

/** Pictures as the network takes them: [count, 32, 32, 3] row-major, normalized. */
export interface Batch {
  images: Float32Array
  labels: Uint8Array
}

export interface EvaluationResult {
  /** correctly classified pictures */
  correct: number
  /** sum of cross-entropies in nats */
  lossSum: number
}

/** Loss and gradient of one model on one backend. */
export interface ModelRunner {
  /** Parameters and everything of the same length: momentum, tracker, residual. */
  readonly space: VectorSpace
  /** Mean cross-entropy over the batch at `at`; its gradient goes into `into`. Resolves with the loss. */
  gradient(at: Vector, batch: Batch, into: Vector): Promise<number>
  evaluate(at: Vector, batch: Batch): Promise<EvaluationResult>
  /** Logits [batch, classes], row-major. */
  logits(at: Vector, batch: Batch): Promise<Float32Array>
  dispose(): void
}

export interface Backend {
  readonly choice: BackendChoice
  vectors(size: number): VectorSpace
  runner(model: Model): ModelRunner
  /** live device objects, for leak tests */
  allocations(): number
}
