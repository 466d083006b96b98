import { decode, eachValue, type Message } from '../../message.ts'
import type { Entries, Vector } from '../../vector.ts'
import { type Commands, mostUploadBytes } from './commands.ts'
import { WORKGROUP } from './kernel.ts'

/** bytes of the uniform block below */
const BLOCK_BYTES = 32
/** entries of a message that go to the device at once */
const MOST_ENTRIES = (mostUploadBytes - BLOCK_BYTES) / 8

// `start`: first element, or word of the positions in the uploads; `values`: word of the values in the uploads, stride, or room for entries.
const header = (
  buffers: string,
) => `struct Block { threads: u32, a: f32, start: u32, values: u32, size: u32, unused1: u32, unused2: u32, unused3: u32 }
@group(0) @binding(0) var<uniform> g: Block;
${buffers}
@compute @workgroup_size(${WORKGROUP}) fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) grid: vec3u) {
let i = id.x + id.y * grid.x * ${WORKGROUP}u;
if (i >= g.threads) { return; }`
const binding = (index: number, name: string, type: string, access = 'read') =>
  `@group(0) @binding(${index}) var<storage, ${access}> ${name}: array<${type}>;`

const shaders = {
  scale: `${header(binding(1, 'v', 'vec4f', 'read_write'))} v[i] = g.a * v[i]; }`,
  add: `${header(binding(1, 'v', 'vec4f', 'read_write') + binding(2, 'w', 'vec4f'))} v[i] = v[i] + g.a * w[i]; }`,
  addUploaded: `${header(binding(1, 'v', 'f32', 'read_write') + binding(2, 'uploads', 'u32'))}
    v[g.start + i] = v[g.start + i] + g.a * bitcast<f32>(uploads[g.values + i]); }`,
  scatterUploaded: `${header(binding(1, 'v', 'f32', 'read_write') + binding(2, 'uploads', 'u32'))}
    let at = uploads[g.start + i]; v[at] = v[at] + g.a * bitcast<f32>(uploads[g.values + i]); }`,
  zeroUploaded: `${header(binding(1, 'v', 'f32', 'read_write') + binding(2, 'uploads', 'u32'))} v[uploads[g.start + i]] = 0.0; }`,
  sample: `${header(binding(1, 'out', 'f32', 'read_write') + binding(2, 'v', 'f32'))} out[i] = v[(g.start + i * g.values) % g.size]; }`,
  /** how many there are, then pairs of position and value in the order in which threads come */
  reaching: `${header(binding(1, 'out', 'atomic<u32>', 'read_write') + binding(2, 'v', 'f32'))}
    if (!(abs(v[i]) >= g.a) || v[i] == 0.0) { return; }
    let place = atomicAdd(&out[0], 1u);
    if (place < g.values) { atomicStore(&out[1u + 2u * place], i); atomicStore(&out[2u + 2u * place], bitcast<u32>(v[i])); } }`,
}

type VectorKernel = keyof typeof shaders

interface RunOptions {
  start?: number
  /** for `values` of the block, where nothing is uploaded */
  room?: number
  size?: number
  positions?: Uint32Array
  values?: Float32Array
}

/** The vector operations of one device. */
export class VectorKernels {
  private readonly layout: GPUBindGroupLayout
  private readonly withOther: GPUBindGroupLayout
  private readonly scratch = new Map<number, GPUBuffer>()
  private readonly groups = new WeakMap<GPUBuffer, WeakMap<GPUBuffer, GPUBindGroup>>()

  private constructor(
    readonly commands: Commands,
    private readonly pipelines: Record<VectorKernel, GPUComputePipeline>,
    layouts: [GPUBindGroupLayout, GPUBindGroupLayout],
  ) {
    ;[this.layout, this.withOther] = layouts
  }

  static async compile(commands: Commands): Promise<VectorKernels> {
    const { device } = commands
    const entry = (at: number, type: GPUBufferBindingType): GPUBindGroupLayoutEntry => ({
      binding: at,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type, hasDynamicOffset: at === 0 },
    })
    const own = [entry(0, 'uniform'), entry(1, 'storage')]
    const layout = device.createBindGroupLayout({ entries: own })
    const withOther = device.createBindGroupLayout({ entries: [...own, entry(2, 'read-only-storage')] })
    const compiled = await Promise.all(
      Object.entries(shaders).map(async ([name, code]) => {
        const bindGroupLayouts = [name === 'scale' ? layout : withOther]
        const pipeline = await device.createComputePipelineAsync({
          label: name,
          layout: device.createPipelineLayout({ bindGroupLayouts }),
          compute: { module: device.createShaderModule({ code, label: name }), entryPoint: 'main' },
        })
        return [name, pipeline] as const
      }),
    )
    return new VectorKernels(commands, Object.fromEntries(compiled) as Record<VectorKernel, GPUComputePipeline>, [layout, withOther])
  }

  scale(v: GPUBuffer, size: number, a: number): void {
    this.run('scale', v, null, Math.ceil(size / 4), a)
  }

  add(v: GPUBuffer, size: number, a: number, w: GPUBuffer): void {
    this.run('add', v, w, Math.ceil(size / 4), a)
  }

  /** v[start + i] += a values[i] */
  addRange(v: GPUBuffer, a: number, start: number, values: Float32Array): void {
    for (let done = 0; done < values.length; done += MOST_ENTRIES) {
      const part = values.subarray(done, done + MOST_ENTRIES)
      this.run('addUploaded', v, this.commands.uploads, part.length, a, { start: start + done, values: part })
    }
  }

  /** v[positions[i]] += a values[i]; positions differ */
  addAt(v: GPUBuffer, a: number, positions: Uint32Array, values: Float32Array): void {
    for (let done = 0; done < values.length; done += MOST_ENTRIES) {
      const [at, part] = [positions.subarray(done, done + MOST_ENTRIES), values.subarray(done, done + MOST_ENTRIES)]
      this.run('scatterUploaded', v, this.commands.uploads, part.length, a, { positions: at, values: part })
    }
  }

  zeroAt(v: GPUBuffer, positions: Uint32Array): void {
    for (let done = 0; done < positions.length; done += MOST_ENTRIES) {
      const at = positions.subarray(done, done + MOST_ENTRIES)
      this.run('zeroUploaded', v, this.commands.uploads, at.length, 0, { positions: at })
    }
  }

  /** As Vector.sample. */
  async sample(v: GPUBuffer, size: number, start: number, stride: number, count: number): Promise<Float32Array> {
    const out = this.scratchOf(count)
    this.run('sample', out, v, count, 0, { start, room: stride, size })
    return new Float32Array(await this.commands.read(out, count * 4))
  }

  /** As Vector.reaching: the device gathers, so that only what is found comes back. */
  async reaching(v: GPUBuffer, size: number, threshold: number, most: number): Promise<Entries | null> {
    const words = 1 + 2 * most
    const out = this.scratchOf(words)
    this.commands.clear(out)
    this.run('reaching', out, v, size, threshold, { room: most })
    const found = new Uint32Array(await this.commands.read(out, words * 4))
    const [count] = found
    if (count > most) return null
    const asFloats = new Float32Array(found.buffer)
    const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => found[1 + 2 * a] - found[1 + 2 * b])
    return { indices: order.map((i) => found[1 + 2 * i]), values: Float32Array.from(order, (i) => asFloats[2 + 2 * i]) }
  }

  /** A buffer of at least so many words, made once for each size. */
  private scratchOf(words: number): GPUBuffer {
    let buffer = this.scratch.get(words)
    if (!buffer) {
      buffer = this.commands.buffer(words * 4, undefined, 'selection')
      this.scratch.set(words, buffer)
    }
    return buffer
  }

  private run(
    kernel: VectorKernel,
    v: GPUBuffer,
    other: GPUBuffer | null,
    threads: number,
    a: number,
    { start = 0, room, size = 0, positions, values }: RunOptions = {},
  ): void {
    const { commands } = this
    // One upload for all of them: a second one might come with the next submission only.
    const positionBytes = positions?.byteLength ?? 0
    const { offset, bytes } = commands.reserve(BLOCK_BYTES + positionBytes + (values?.byteLength ?? 0))
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
    words[0] = threads
    new Float32Array(words.buffer, words.byteOffset)[1] = a
    words[2] = positions ? (offset + BLOCK_BYTES) / 4 : start
    words[3] = room ?? (offset + BLOCK_BYTES + positionBytes) / 4
    words[4] = size
    if (positions) words.set(positions, BLOCK_BYTES / 4)
    if (values) new Float32Array(words.buffer, words.byteOffset).set(values, (BLOCK_BYTES + positionBytes) / 4)
    const groups = Math.ceil(threads / WORKGROUP)
    const grid: [number, number] = groups <= 65_535 ? [groups, 1] : [32_768, Math.ceil(groups / 32_768)]
    commands.dispatch(this.pipelines[kernel], this.groupOf(v, other), grid, [offset])
  }

  private groupOf(v: GPUBuffer, other: GPUBuffer | null): GPUBindGroup {
    let groups = this.groups.get(v)
    if (!groups) {
      groups = new WeakMap()
      this.groups.set(v, groups)
    }
    const key = other ?? v
    let group = groups.get(key)
    if (!group) {
      const resources = [{ buffer: this.commands.uploads, size: BLOCK_BYTES }, { buffer: v }, ...(other ? [{ buffer: other }] : [])]
      group = this.commands.device.createBindGroup({
        layout: other ? this.withOther : this.layout,
        entries: resources.map((resource, at) => ({ binding: at, resource })),
      })
      groups.set(key, group)
    }
    return group
  }
}

/** A vector in a GPU buffer. Operations are recorded, and run when something is read. */
export class GpuVector implements Vector {
  readonly buffer: GPUBuffer

  constructor(
    readonly size: number,
    private readonly kernels: VectorKernels,
  ) {
    this.buffer = kernels.commands.buffer(size * 4, undefined, 'vector')
  }

  scale(a: number): this {
    this.kernels.scale(this.buffer, this.size, a)
    return this
  }

  add(a: number, w: Vector): this {
    const other = this.other(w)
    if (other === this.buffer) return this.scale(1 + a)
    this.kernels.add(this.buffer, this.size, a, other)
    return this
  }

  addMessage(a: number, m: Message): this {
    if (m.size !== this.size) throw new RangeError(`a vector of ${this.size} and a message of ${m.size} do not fit`)
    if (m.kind === 'sparse') this.kernels.addAt(this.buffer, a, m.indices, m.values)
    else if (m.kind === 'block') {
      const straight = Math.min(m.values.length, m.size - m.start)
      this.kernels.addRange(this.buffer, a, m.start, m.values.subarray(0, straight))
      this.kernels.addRange(this.buffer, a, 0, m.values.subarray(straight))
    } else this.kernels.addRange(this.buffer, a, 0, decode(m))
    return this
  }

  zeroAt(m: Message): this {
    if (m.size !== this.size) throw new RangeError(`a vector of ${this.size} and a message of ${m.size} do not fit`)
    const positions: number[] = []
    eachValue(m, (index) => positions.push(index))
    this.kernels.zeroAt(this.buffer, Uint32Array.from(positions))
    return this
  }

  set(w: Vector): this {
    const other = this.other(w)
    if (other !== this.buffer) this.kernels.commands.copy(other, 0, this.buffer, 0, this.size * 4)
    return this
  }

  zero(): this {
    this.kernels.commands.clear(this.buffer)
    return this
  }

  sample(start: number, stride: number, count: number): Promise<Float32Array> {
    return this.kernels.sample(this.buffer, this.size, start, stride, count)
  }

  reaching(threshold: number, most: number): Promise<Entries | null> {
    return this.kernels.reaching(this.buffer, this.size, threshold, most)
  }

  async read(): Promise<Float32Array> {
    return new Float32Array(await this.kernels.commands.read(this.buffer, this.size * 4))
  }

  write(values: Float32Array): void {
    if (values.length !== this.size) throw new RangeError(`a vector of ${this.size} cannot take ${values.length} values`)
    this.kernels.commands.write(values, this.buffer)
  }

  dispose(): void {
    this.kernels.commands.destroy(this.buffer)
  }

  private other(w: Vector): GPUBuffer {
    if (w.size !== this.size) throw new RangeError(`vectors of ${this.size} and ${w.size} do not fit`)
    return (w as GpuVector).buffer
  }
}
