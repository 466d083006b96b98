import type { Parameter, StateSlot } from '../../models/types.ts'
import type { Operation, Plan, Region } from '../../plan/index.ts'
import type { RandomSource } from '../../random.ts'
import type { Contents, Target } from './target.fixture.ts'

/** What memory holds that nothing was put into: an operation that leaves a gap, reads one, or writes too far, shows. */
const DIRT = 12_345
/** floats of dirt behind each region */
const GUARD = 8

type Slot<T> = T & { values: Float32Array }

/** A few operations of a plan on a device, over given values, every region in memory of its own. */
export class Trial {
  private readonly regions: Slot<Region>[] = []
  private readonly parameters: Slot<Parameter>[] = []
  private readonly slots: Slot<StateSlot>[] = []
  private readonly gap: number
  private readonly variant: number
  private size: number
  private stateSize = 0

  /** @param gap floats of dirt in front of each parameter: with 4, and sizes that divide by 4, kernels may load four floats at once */
  constructor(
    private readonly target: Target,
    { gap = 4, variant = 0 }: { gap?: number; variant?: number } = {},
  ) {
    this.gap = gap
    this.variant = variant
    this.size = gap
  }

  input(values: Float32Array): Region {
    const region = { type: 'region' as const, id: this.regions.length, name: `region ${this.regions.length}`, size: values.length, values }
    this.regions.push(region)
    return region
  }

  /** A region that the operations are to fill. */
  output(size: number): Region {
    return this.input(new Float32Array(size).fill(DIRT))
  }

  parameter(values: Float32Array): Parameter {
    const size = values.length
    const parameter = { name: '', shape: [size], offset: this.size, size, init: { kind: 'constant' as const, value: 0 }, values }
    this.parameters.push(parameter)
    this.size += size + this.gap
    return parameter
  }

  state(values: Float32Array): StateSlot {
    const slot = { name: '', offset: this.stateSize, size: values.length, value: 0, values }
    this.slots.push(slot)
    this.stateSize += values.length
    return slot
  }

  /** @throws Error when an operation writes where it must not */
  async run(operations: Operation[], labels: number[] = []): Promise<Outcome> {
    const { regions, size, stateSize } = this
    const plan: Plan = {
      model: { name: '', classes: 0, size, parameters: this.parameters, stateSize, state: this.slots, nodes: [] },
      batch: labels.length,
      operations,
      memory: { slots: regions.map((region) => region.size + GUARD), slotOf: new Map(regions.map(({ id }) => [id, id])) },
      ...{ pictures: regions[0], logits: regions[0], results: null },
    }
    const found = await this.target.run(plan, this.contents(labels), this.variant)
    for (const [{ name, size }, values] of found.regions)
      if (values.subarray(size).some((value) => value !== DIRT)) throw new Error(`written behind ${name}`)
    const rest = found.gradient.slice()
    for (const { offset, size } of this.parameters) rest.fill(DIRT, offset, offset + size)
    if (rest.some((value) => value !== DIRT)) throw new Error('written between the gradients of parameters')
    return new Outcome(found)
  }

  private contents(labels: number[]): Contents {
    const dirty = (size: number) => new Float32Array(size).fill(DIRT)
    const { regions, parameters, slots, size, stateSize } = this
    const contents: Contents = { regions: new Map(), parameters: dirty(size), gradient: dirty(size), state: dirty(stateSize), labels }
    for (const region of regions) {
      const values = dirty(region.size + GUARD)
      values.set(region.values)
      contents.regions.set(region, values)
    }
    for (const { offset, values } of parameters) contents.parameters.set(values, offset)
    for (const { offset, values } of slots) contents.state.set(values, offset)
    return contents
  }
}

/** What the operations left in memory. */
class Outcome {
  constructor(private readonly found: Contents) {}

  of(region: Region): Float32Array {
    return (this.found.regions.get(region) as Float32Array).subarray(0, region.size)
  }

  gradient({ offset, size }: Parameter): Float32Array {
    return this.found.gradient.subarray(offset, offset + size)
  }

  state({ offset, size }: StateSlot): Float32Array {
    return this.found.state.subarray(offset, offset + size)
  }
}

/** Uniform in [-1, 1). */
export function noise(random: RandomSource, size: number): Float32Array {
  return Float32Array.from({ length: size }, () => 2 * random.uniform() - 1)
}
