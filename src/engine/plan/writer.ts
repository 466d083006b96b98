import type { Mode } from '../models/types.ts'
import type { Operation, Region } from './operations.ts'

/** What a plan is for: loss and gradient, loss and accuracy, or the result of the last node alone. */
export type Purpose = 'gradient' | 'evaluation' | 'logits'

/** Adds a gradient to what has come so far for the same value (null: nothing yet) and returns the region with the sum. */
export type Contribution = (addend: Region | null) => Region

/** Writes a plan: makes regions, appends operations, and gathers the gradients of values. */
export class PlanWriter {
  readonly operations: Operation[] = []
  private regions = 0
  private readonly gradients = new Map<Region, Region>()
  /** values whose gradient nobody needs: the pictures, and what is made of them without parameters */
  private readonly constants = new Set<Region>()

  constructor(
    readonly batch: number,
    readonly purpose: Purpose,
    readonly mode: Mode,
  ) {}

  /** @param size floats of one picture's share */
  perPicture(name: string, size: number): Region {
    return this.region(name, this.batch * size)
  }

  region(name: string, size: number): Region {
    return { type: 'region', id: this.regions++, name, size }
  }

  /** Appends an operation. */
  emit(operation: Operation): void {
    this.operations.push(operation)
  }

  /** No gradient is wanted for this value. */
  constant(value: Region): Region {
    this.constants.add(value)
    return value
  }

  needsGradient(value: Region): boolean {
    return !this.constants.has(value)
  }

  /** The gradient of a value, once all of its users have contributed. */
  gradientOf(value: Region): Region | null {
    return this.gradients.get(value) ?? null
  }

  contribute(value: Region, contribution: Contribution): void {
    if (this.needsGradient(value)) this.gradients.set(value, contribution(this.gradientOf(value)))
  }

  /** Contributes the region that an operation fills, where the operation cannot add by itself. */
  contributeBy(value: Region, operation: (gradient: Region) => Operation): void {
    this.contribute(value, (addend) => {
      const gradient = this.region(`d ${value.name}`, value.size)
      this.emit(operation(gradient))
      return this.sum(gradient, addend)
    })
  }

  /** For gradients that did not take the addend in. */
  sum(gradient: Region, addend: Region | null): Region {
    if (!addend) return gradient
    const y = this.region(`${gradient.name} + ${addend.name}`, gradient.size)
    this.emit({ op: 'add', a: gradient, b: addend, y })
    return y
  }
}
