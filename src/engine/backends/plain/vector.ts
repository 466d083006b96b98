import { eachValue, type Message } from '../../message.ts'
import type { Entries, Vector, VectorSpace } from '../../vector.ts'
import { reachingOf, sampleOf } from '../host-select.ts'

/**
 * A vector in a plain array, with the roundings of float32 arithmetic. For vectors of a few values, where handing work to a device costs
 * more than the work, and for pages that are to do without one.
 */
export class PlainVector implements Vector {
  private readonly values: Float32Array

  constructor(readonly size: number) {
    this.values = new Float32Array(size)
  }

  scale(a: number): this {
    const factor = Math.fround(a)
    for (let i = 0; i < this.size; i++) this.values[i] *= factor
    return this
  }

  add(a: number, w: Vector): this {
    const other = this.other(w)
    const factor = Math.fround(a)
    for (let i = 0; i < this.size; i++) this.values[i] += Math.fround(factor * other[i])
    return this
  }

  addMessage(a: number, m: Message): this {
    if (m.size !== this.size) throw new RangeError(`a vector of ${this.size} and a message of ${m.size} do not fit`)
    const factor = Math.fround(a)
    eachValue(m, (index, value) => {
      this.values[index] += Math.fround(factor * value)
    })
    return this
  }

  zeroAt(m: Message): this {
    if (m.size !== this.size) throw new RangeError(`a vector of ${this.size} and a message of ${m.size} do not fit`)
    eachValue(m, (index) => {
      this.values[index] = 0
    })
    return this
  }

  set(w: Vector): this {
    this.values.set(this.other(w))
    return this
  }

  zero(): this {
    this.values.fill(0)
    return this
  }

  async sample(start: number, stride: number, count: number): Promise<Float32Array> {
    return sampleOf(await this.read(), start, stride, count)
  }

  async reaching(threshold: number, most: number): Promise<Entries | null> {
    return reachingOf(await this.read(), threshold, most)
  }

  async read(): Promise<Float32Array> {
    return this.values.slice()
  }

  write(values: Float32Array): void {
    if (values.length !== this.size) throw new RangeError(`a vector of ${this.size} cannot take ${values.length} values`)
    this.values.set(values)
  }

  dispose(): void {
    // The garbage collector takes care of an array.
  }

  private other(w: Vector): Float32Array {
    if (w.size !== this.size) throw new RangeError(`vectors of ${this.size} and ${w.size} do not fit`)
    return (w as PlainVector).values
  }
}

export function plainVectors(size: number): VectorSpace {
  return { size, zeros: () => new PlainVector(size) }
}
