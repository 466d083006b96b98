import { eachValue, type Message } from '../../message.ts'
import type { Entries, Vector, VectorSpace } from '../../vector.ts'
import { sampleOf } from '../host-select.ts'
import type { Heap } from './heap.ts'

/** A vector in the kernels' memory. */
export class SimdVector implements Vector {
  /** of the first value, in bytes */
  readonly address: number

  constructor(
    readonly size: number,
    private readonly heap: Heap,
  ) {
    this.address = heap.allocate(size)
    this.zero()
  }

  scale(a: number): this {
    this.heap.kernels.scale(this.address, a, this.size)
    return this
  }

  add(a: number, w: Vector): this {
    this.heap.kernels.addScaled(this.address, a, this.other(w).address, this.size)
    return this
  }

  addMessage(a: number, m: Message): this {
    const values = this.valuesFor(m)
    const factor = Math.fround(a)
    eachValue(m, (index, value) => {
      values[index] += Math.fround(factor * value)
    })
    return this
  }

  zeroAt(m: Message): this {
    const values = this.valuesFor(m)
    eachValue(m, (index) => {
      values[index] = 0
    })
    return this
  }

  set(w: Vector): this {
    this.values().set(this.other(w).values())
    return this
  }

  zero(): this {
    this.values().fill(0)
    return this
  }

  async sample(start: number, stride: number, count: number): Promise<Float32Array> {
    return sampleOf(this.values(), start, stride, count)
  }

  async reaching(threshold: number, most: number): Promise<Entries | null> {
    const { heap, address, size } = this
    const found = heap.allocate(2 * most)
    const count = heap.kernels.reaching(address, size, threshold, most, found, found + 4 * most)
    const entries = { indices: heap.integers(found, count).slice(), values: heap.floats(found + 4 * most, count).slice() }
    heap.release(found)
    return count > most ? null : entries
  }

  async read(): Promise<Float32Array> {
    return this.values().slice()
  }

  write(values: Float32Array): void {
    if (values.length !== this.size) throw new RangeError(`a vector of ${this.size} cannot take ${values.length} values`)
    this.values().set(values)
  }

  dispose(): void {
    this.heap.release(this.address)
  }

  private values(): Float32Array {
    return this.heap.floats(this.address, this.size)
  }

  private valuesFor(m: Message): Float32Array {
    if (m.size !== this.size) throw new RangeError(`a vector of ${this.size} and a message of ${m.size} do not fit`)
    return this.values()
  }

  private other(w: Vector): SimdVector {
    if (w.size !== this.size) throw new RangeError(`vectors of ${this.size} and ${w.size} do not fit`)
    return w as SimdVector
  }
}

export function simdVectors(size: number, heap: Heap): VectorSpace {
  return { size, zeros: () => new SimdVector(size, heap) }
}
