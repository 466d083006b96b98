import type { Parameter, StateSlot } from '../../models/types.ts'
import type { Operation, Region } from '../../plan/index.ts'
import type { RandomSource } from '../../random.ts'
import { Commands } from './commands.ts'
import { type Compiled, compileForDevice } from './compiled.ts'
import { openDevice } from './device.ts'
import { Pipelines } from './pipelines.ts'
import { softwareTiles, type Tiles } from './tiles.ts'

/** What memory holds that nothing was put into: an operation that leaves a gap, reads one, or writes too far, shows. */
const DIRT = 12_345
/** floats of dirt behind each region */
const GUARD = 8

type Slot<T> = T & { values: Float32Array }

let bench: Promise<{ commands: Commands; pipelines: Pipelines }> | null = null

/** A few operations of a plan on the device, over given values, every region in memory of its own. */
export class Trial {
  private readonly regions: Slot<Region>[] = []
  private readonly parameters: Slot<Parameter>[] = []
  private readonly slots: Slot<StateSlot>[] = []
  private size: number
  private stateSize = 0

  /** @param gap floats of dirt in front of each parameter: with 4, and sizes that divide by 4, kernels load four floats at once */
  constructor(
    private readonly gap = 4,
    private readonly tiles: Tiles = softwareTiles,
  ) {
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
    bench ??= openDevice().then((device) => ({ commands: new Commands(device), pipelines: new Pipelines(device) }))
    const { commands, pipelines } = await bench
    const { regions, size, stateSize } = this
    const plan = {
      model: { name: '', classes: 0, size, parameters: this.parameters, stateSize, state: this.slots, nodes: [] },
      batch: labels.length,
      operations,
      memory: { slots: regions.map((region) => region.size + GUARD), slotOf: new Map(regions.map(({ id }) => [id, id])) },
      ...{ pictures: regions[0], logits: regions[0], results: null },
    }
    const compiled = await compileForDevice(plan, commands, pipelines, this.tiles)
    // Twice: the second time the memory that kernels share is dirty.
    for (let time = 0; time < 2; time++) {
      this.write(commands, compiled, labels)
      for (const { pipeline, group, grid } of compiled.dispatches) commands.dispatch(pipeline, group, grid)
    }
    const read = async (buffer: GPUBuffer, count: number) => new Float32Array(await commands.read(buffer, count * 4))
    const values = new Map<Region, Float32Array>()
    for (const region of regions) {
      const found = await read(compiled.bufferOf(region), region.size + GUARD)
      if (found.subarray(region.size).some((value) => value !== DIRT)) throw new Error(`written behind ${region.name}`)
      values.set(region, found.subarray(0, region.size))
    }
    const gradient = await read(compiled.gradient, size)
    const rest = gradient.slice()
    for (const { offset, size } of this.parameters) rest.fill(DIRT, offset, offset + size)
    if (rest.some((value) => value !== DIRT)) throw new Error('written between the gradients of parameters')
    const state = await read(compiled.state, stateSize)
    compiled.destroy()
    return new Outcome(values, gradient, state)
  }

  private write(commands: Commands, compiled: Compiled, labels: number[]): void {
    for (const region of this.regions) {
      const values = new Float32Array(region.size + GUARD).fill(DIRT)
      values.set(region.values)
      commands.write(values, compiled.bufferOf(region))
    }
    const parameters = new Float32Array(this.size).fill(DIRT)
    for (const { offset, values } of this.parameters) parameters.set(values, offset)
    commands.write(parameters, compiled.parameters)
    commands.write(new Float32Array(this.size).fill(DIRT), compiled.gradient)
    const state = new Float32Array(this.stateSize)
    for (const { offset, values } of this.slots) state.set(values, offset)
    commands.write(state, compiled.state)
    commands.write(Uint32Array.from(labels), compiled.labels)
  }
}

/** What the operations left in memory. */
class Outcome {
  constructor(
    private readonly regions: Map<Region, Float32Array>,
    private readonly gradients: Float32Array,
    private readonly states: Float32Array,
  ) {}

  of(region: Region): Float32Array {
    return this.regions.get(region) as Float32Array
  }

  gradient({ offset, size }: Parameter): Float32Array {
    return this.gradients.subarray(offset, offset + size)
  }

  state({ offset, size }: StateSlot): Float32Array {
    return this.states.subarray(offset, offset + size)
  }
}

/** Uniform in [-1, 1). */
export function noise(random: RandomSource, size: number): Float32Array {
  return Float32Array.from({ length: size }, () => 2 * random.uniform() - 1)
}
