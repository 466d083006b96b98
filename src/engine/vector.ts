import type { Message } from './message.ts'

/**
 * A contiguous float32 vector that lives where its backend computes: a tfjs tensor, a GPU buffer, a stretch of
 * WebAssembly memory. Weights, gradient, momentum, tracker and residual are each one of these, so an algorithm is
 * vector algebra and a message is one slice of bytes. All operations work in place and return the vector itself.
 */
export interface Vector {
  readonly size: number
  /** v = a v */
  scale(a: number): this
  /** v = v + a w. Throws when the sizes differ. */
  add(a: number, w: Vector): this
  /** v = v + a m, for what the message stands for. Throws when the sizes differ. */
  addMessage(a: number, m: Message): this
  /** v = 0 at the positions that the message names. Throws when the sizes differ. */
  zeroAt(m: Message): this
  /** v = w */
  set(w: Vector): this
  /** v = 0 */
  zero(): this
  /** A copy of the values; waits for the device. */
  read(): Promise<Float32Array>
  /** Every so many values from `start` on, going round at the end: v[(start + i stride) mod size], [count]. */
  sample(start: number, stride: number, count: number): Promise<Float32Array>
  /** The entries other than zero whose magnitude reaches the threshold, positions ascending; null when there are more than `most`. */
  reaching(threshold: number, most: number): Promise<Entries | null>
  /** Replaces all values. Throws when the length differs. */
  write(values: Float32Array): void
  dispose(): void
}

/** Values with their positions. */
export interface Entries {
  indices: Uint32Array
  values: Float32Array
}

/** Makes vectors of one size on one backend. */
export interface VectorSpace {
  readonly size: number
  zeros(): Vector
}
