import * as tf from '@tensorflow/tfjs'
import { decode, eachValue, type Message } from '../../message.ts'
import type { Entries, Vector, VectorSpace } from '../../vector.ts'
import { reachingOf, sampleOf } from '../host-select.ts'

/** A vector held in a tfjs tensor; every operation replaces the tensor and disposes of the old one. */
export class TfjsVector implements Vector {
  private held: tf.Tensor1D

  constructor(readonly size: number) {
    this.held = tf.zeros([size])
  }

  /** Valid until the next operation on this vector. */
  get tensor(): tf.Tensor1D {
    return this.held
  }

  scale(a: number): this {
    return this.replace(() => tf.mul(this.held, a))
  }

  add(a: number, w: Vector): this {
    const other = this.other(w)
    return this.replace(() => tf.add(this.held, a === 1 ? other : tf.mul(other, a)))
  }

  addMessage(a: number, m: Message): this {
    if (m.size !== this.size) throw new RangeError(`a vector of ${this.size} and a message of ${m.size} do not fit`)
    return this.replace(() => tf.add(this.held, tf.mul(tf.tensor1d(decode(m)), a)))
  }

  zeroAt(m: Message): this {
    if (m.size !== this.size) throw new RangeError(`a vector of ${this.size} and a message of ${m.size} do not fit`)
    const kept = new Float32Array(this.size).fill(1)
    eachValue(m, (index) => {
      kept[index] = 0
    })
    return this.replace(() => tf.mul(this.held, tf.tensor1d(kept)))
  }

  set(w: Vector): this {
    const other = this.other(w)
    return this.replace(() => tf.clone(other))
  }

  zero(): this {
    return this.replace(() => tf.zeros([this.size]))
  }

  async sample(start: number, stride: number, count: number): Promise<Float32Array> {
    return sampleOf(await this.read(), start, stride, count)
  }

  async reaching(threshold: number, most: number): Promise<Entries | null> {
    return reachingOf(await this.read(), threshold, most)
  }

  async read(): Promise<Float32Array> {
    // Some backends hand out a view of their own memory.
    return Float32Array.from(await this.held.data())
  }

  write(values: Float32Array): void {
    if (values.length !== this.size) throw new RangeError(`a vector of ${this.size} cannot take ${values.length} values`)
    // tfjs may keep the array itself.
    this.replace(() => tf.tensor1d(values.slice()))
  }

  /** Takes over a tensor of the right length. */
  take(tensor: tf.Tensor1D): this {
    this.held.dispose()
    this.held = tf.keep(tensor)
    return this
  }

  dispose(): void {
    this.held.dispose()
  }

  private other(w: Vector): tf.Tensor1D {
    if (w.size !== this.size) throw new RangeError(`vectors of ${this.size} and ${w.size} do not fit`)
    return (w as TfjsVector).tensor
  }

  private replace(compute: () => tf.Tensor): this {
    return this.take(tf.tidy(compute) as tf.Tensor1D)
  }
}

export function tfjsVectors(size: number): VectorSpace {
  return { size, zeros: () => new TfjsVector(size) }
}
