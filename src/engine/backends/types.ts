import type { StoredPictures } from '../data/stored-pictures.ts'
import type { Mode, Model } from '../models/types.ts'
import type { Vector, VectorSpace } from '../vector.ts'

export type BackendName = 'wgsl' | 'simd' | 'wasm' | 'webgpu' | 'webgl' | 'cpu'

/** Which backend computes, and why: always on screen and in the results. */
export interface BackendChoice {
  name: BackendName
  /** one sentence for the user */
  reason: string
  /** the WebGPU adapter the browser offers, e.g. "google swiftshader (software)"; null without one */
  adapter: string | null
  /** true only for a hardware WebGPU adapter */
  hardware: boolean
  /** of the run's model on this backend; null before it, and where tfjs itself computes */
  selfTest: SelfTest | null
}

export interface Batch {
  /** as the network takes them, [count, 32, 32, 3] row-major and normalized; or as they are stored, with what makes that of them */
  images: Float32Array | StoredPictures
  labels: Uint8Array
}

export interface EvaluationResult {
  /** the class with the largest logit, of each picture */
  predictions: Uint8Array
  /** what the model gives that class, by softmax */
  probabilities: Float32Array
  /** sum of cross-entropies in nats */
  lossSum: number
}

/** Loss and gradient of one model on one backend. */
export interface ModelRunner {
  /** Parameters and everything of the same length: momentum, tracker, residual. */
  readonly space: VectorSpace
  /** What the model keeps beside its parameters, [stateSize] (running statistics); null for a model that keeps nothing. */
  readonly state: Vector | null
  /** The gradient at `at` of the mean cross-entropy over the batch goes into `into`, and the state takes the batch in. */
  gradient(at: Vector, batch: Batch, into: Vector): Promise<void>
  /** That mean cross-entropy, of the last gradient. A GPU must catch up first, so ask when a result is wanted anyway. */
  loss(): Promise<number>
  /** In evaluation mode. */
  evaluate(at: Vector, batch: Batch): Promise<EvaluationResult>
  /** What the last node gives, [batch, ...its shape] row-major: the logits. Leaves the state as it is. */
  logits(at: Vector, batch: Batch, mode: Mode): Promise<Float32Array>
  /**
   * Gets ready for training with such batches: compiles, and tests itself. Resolves with what the test found, null where nothing is to be
   * tested. @throws LabError `backend` when the test fails
   */
  prepare(batch: number, onProgress?: (fraction: number) => void): Promise<SelfTest | null>
  dispose(): void
}

/** How far a backend is from tfjs on a batch. */
export interface SelfTest {
  /** relative error of the loss */
  loss: number
  /** relative error of the gradient, L2 */
  gradient: number
}

export interface Backend {
  readonly choice: BackendChoice
  vectors(size: number): VectorSpace
  runner(model: Model): ModelRunner
  /** false once the device is lost or has reported an error: what is still on it is gone, and another must be opened */
  usable(): boolean
  /** The same on another device, one for all who ask; absent where no device is lost. @throws LabError `backend` */
  reopen?(): Promise<Backend>
  /** device objects that live or, where they are only made at the start, were made; for leak tests */
  allocations(): number
}
