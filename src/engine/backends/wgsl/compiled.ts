import { LabError } from '../../errors.ts'
import type { Operation, Plan } from '../../plan/index.ts'
import type { Commands } from './commands.ts'
import { gridOf, integersOf, type Kernel, type Place } from './kernel.ts'
import { kernelsOf } from './kernels/index.ts'
import type { Pipelines } from './pipelines.ts'
import type { Tiles } from './tiles.ts'

/** of a uniform block: offsets into a uniform buffer are multiples of 256 bytes */
const BLOCK_INTEGERS = 64
const MIB = 2 ** 20

export interface Dispatch {
  name: string
  /** what it is part of */
  operation: Operation
  /** as of its Kernel */
  flops: number
  pipeline: GPUComputePipeline
  group: GPUBindGroup
  grid: [number, number]
}

/** A plan on the device: every buffer and every bind group made, every shader compiled. */
export interface Compiled {
  plan: Plan
  parameters: GPUBuffer
  gradient: GPUBuffer
  state: GPUBuffer
  labels: GPUBuffer
  /** four bytes a word */
  pixels: GPUBuffer
  crops: GPUBuffer
  table: GPUBuffer
  bufferOf(region: Plan['logits']): GPUBuffer
  dispatches: Dispatch[]
  bytes: number
  destroy(): void
}

/**
 * Compiles all shaders of a plan in parallel and makes its buffers.
 * @throws LabError `backend` when the device has not enough memory
 */
export async function compileForDevice(plan: Plan, commands: Commands, pipelines: Pipelines, tiles: Tiles): Promise<Compiled> {
  const work = plan.operations.flatMap((operation) => kernelsOf(operation, tiles).map((kernel) => ({ operation, kernel })))
  const kernels = work.map(({ kernel }) => kernel)
  const compiled = await Promise.all(kernels.map((kernel) => pipelines.get(kernel)))

  const { device } = commands
  device.pushErrorScope('validation')
  device.pushErrorScope('out-of-memory')
  const memory = allocate(plan, kernels, commands)
  const dispatches = work.map(
    ({ operation, kernel }, index): Dispatch => ({
      name: kernel.name,
      operation,
      flops: kernel.flops ?? 0,
      pipeline: compiled[index].pipeline,
      group: device.createBindGroup({
        layout: compiled[index].layout,
        entries: memory.resourcesOf(kernel, index).map((resource, binding) => ({ binding, resource })),
      }),
      grid: gridOf(kernel),
    }),
  )
  const errors = await Promise.all([device.popErrorScope(), device.popErrorScope()])
  const error = errors.find((found) => found !== null)
  if (error) {
    memory.destroy()
    throw new LabError(
      'backend',
      `backend: ${plan.model.name} with batches of ${plan.batch} wants ${Math.ceil(memory.bytes / MIB)} MiB of this device, which it does not give (${error.message.split('\n')[0]}); take a smaller batch`,
    )
  }

  const { shared, bufferAt, bytes, destroy } = memory
  return { plan, ...shared, bufferOf: bufferAt, dispatches, bytes, destroy }
}

/** All buffers of a plan. */
function allocate(plan: Plan, kernels: Kernel[], commands: Commands) {
  const made: GPUBuffer[] = []
  const make = (floats: number, label: string, usage?: number) => {
    const buffer = commands.buffer(floats * 4, usage, label)
    made.push(buffer)
    return buffer
  }
  const most = (key: 'partial' | 'coefficients') => Math.max(0, ...kernels.map((kernel) => kernel[key] ?? 0))
  const slots = plan.memory.slots.map((size, i) => make(size, `slot ${i}`))
  const shared = {
    parameters: make(plan.model.size, 'parameters'),
    gradient: make(plan.model.size, 'gradient'),
    state: make(plan.model.stateSize, 'state'),
    labels: make(plan.batch, 'labels'),
    pixels: make(plan.pictures.size / 4, 'pixels'),
    crops: make(plan.batch * 3, 'crops'),
    table: make(3 * 256, 'table'),
    partial: make(most('partial'), 'partial'),
    coefficients: make(most('coefficients'), 'coefficients'),
  }
  const bufferAt = (at: Place) => (typeof at === 'string' ? shared[at] : slots[plan.memory.slotOf.get(at.id) as number])

  const blocks = new Int32Array(kernels.length * BLOCK_INTEGERS)
  kernels.forEach((kernel, index) => {
    blocks.set(integersOf(kernel), index * BLOCK_INTEGERS)
  })
  const uniforms = make(blocks.length, 'integers', GPUBufferUsage.UNIFORM)
  commands.device.queue.writeBuffer(uniforms, 0, blocks)
  return {
    shared,
    bufferAt,
    bytes: made.reduce((sum, { size }) => sum + size, 0),
    /** in binding order */
    resourcesOf: (kernel: Kernel, index: number): GPUBufferBinding[] => [
      { buffer: uniforms, offset: index * BLOCK_INTEGERS * 4, size: Math.ceil(integersOf(kernel).length / 4) * 16 },
      ...Object.values(kernel.buffers).map(({ at }) => ({ buffer: bufferAt(at) })),
    ],
    destroy() {
      for (const buffer of made) buffer.destroy()
    },
  }
}
