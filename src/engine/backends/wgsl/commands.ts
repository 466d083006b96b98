import { LabError } from '../../errors.ts'

/** Bytes of uploads in one submission. */
const ARENA_BYTES = 8 << 20
/** of uniform blocks at changing offsets */
const ALIGNMENT = 256
export const mostUploadBytes = ARENA_BYTES / 4
/** How long a reading that fails waits to be told why; a busy browser takes its time. */
const REASON_MS = 2_000

/** A stretch of the uploads: what is written to `bytes` is on the device, at `offset` in bytes, when the next submission runs. */
export interface Upload {
  offset: number
  bytes: Uint8Array
}

/** A recorded reading: either read it or drop it, once. */
export interface Reading {
  /** Submits what is still recorded, and resolves with the bytes. */
  read(): Promise<ArrayBuffer>
  drop(): void
}

/**
 * Records dispatches, copies and uploads, and submits them together when a result is read: a training step is one submission. Buffers for
 * uploads and results are made once and used again.
 */
export class Commands {
  /** submissions so far */
  submits = 0
  /** buffers made so far, of all users of this device */
  buffers = 0
  private encoder: GPUCommandEncoder | null = null
  private pass: GPUComputePassEncoder | null = null
  readonly uploads: GPUBuffer
  private readonly mirror = new Uint8Array(ARENA_BYTES)
  private used = 0
  private retired: GPUBuffer[] = []
  private readonly idle = new Map<number, GPUBuffer[]>()

  /** what is wrong with the device, once something is */
  private failure: string | null = null

  constructor(readonly device: GPUDevice) {
    device.addEventListener('uncapturederror', ({ error }) => {
      this.failure ??= `the graphics device reports: ${error.message.split('\n')[0]}`
    })
    void device.lost.then(({ message }) => {
      this.failure = `the graphics device was lost (${message.split('\n')[0] || 'the browser gives no reason'})`
    })
    this.uploads = this.buffer(ARENA_BYTES, GPUBufferUsage.COPY_SRC | GPUBufferUsage.STORAGE | GPUBufferUsage.UNIFORM, 'uploads')
  }

  /** false after a validation error or a loss: open another device */
  get usable(): boolean {
    return this.failure === null
  }

  /** A buffer of at least so many bytes, zeroed, for storage unless told otherwise. */
  buffer(bytes: number, usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC, label = ''): GPUBuffer {
    this.buffers++
    return this.device.createBuffer({ label, size: Math.max(16, Math.ceil(bytes / 16) * 16), usage: usage | GPUBufferUsage.COPY_DST })
  }

  dispatch(pipeline: GPUComputePipeline, group: GPUBindGroup, [x, y]: [number, number], offsets?: number[]): void {
    this.pass ??= this.recording().beginComputePass()
    this.pass.setPipeline(pipeline)
    // Chromium refuses an undefined third argument once this line has run some ten thousand times.
    if (offsets) this.pass.setBindGroup(0, group, offsets)
    else this.pass.setBindGroup(0, group)
    this.pass.dispatchWorkgroups(x, y)
  }

  copy(from: GPUBuffer, fromOffset: number, to: GPUBuffer, toOffset: number, bytes: number): void {
    this.between().copyBufferToBuffer(from, fromOffset, to, toOffset, bytes)
  }

  clear(buffer: GPUBuffer): void {
    this.between().clearBuffer(buffer)
  }

  /** Room for so many bytes, a multiple of 4, at most `mostUploadBytes`. What was reserved before may be submitted first. */
  reserve(bytes: number): Upload {
    if (bytes > mostUploadBytes) throw new RangeError(`an upload of ${bytes} bytes; allowed: up to ${mostUploadBytes}`)
    if (this.used + bytes > ARENA_BYTES) this.submit()
    const offset = this.used
    this.used = Math.ceil((offset + bytes) / ALIGNMENT) * ALIGNMENT
    return { offset, bytes: this.mirror.subarray(offset, offset + bytes) }
  }

  /** Writes to a buffer, in order with the other commands; a multiple of 4 bytes. */
  write(data: Float32Array | Uint32Array | Int32Array | Uint8Array, to: GPUBuffer): void {
    const source = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    for (let done = 0; done < source.length; done += mostUploadBytes) {
      const part = source.subarray(done, done + mostUploadBytes)
      const { offset, bytes } = this.reserve(part.length)
      bytes.set(part)
      this.copy(this.uploads, offset, to, done, part.length)
    }
  }

  /** Destroys a buffer once the commands that use it are submitted. */
  destroy(buffer: GPUBuffer): void {
    if (this.encoder) this.retired.push(buffer)
    else buffer.destroy()
  }

  /** Submits everything recorded so far, and resolves with the bytes of a buffer as they are then. */
  read(from: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
    return this.readLater(from, bytes).read()
  }

  /** Records the reading of a buffer as it is now. */
  readLater(from: GPUBuffer, bytes: number): Reading {
    const size = Math.ceil(bytes / 4) * 4
    const staging = this.idle.get(size)?.pop() ?? this.buffer(size, GPUBufferUsage.MAP_READ, 'readback')
    this.copy(from, 0, staging, 0, size)
    const submission = this.submits
    const giveBack = () => this.idle.set(size, [...(this.idle.get(size) ?? []), staging])
    return {
      read: async () => {
        if (this.submits === submission) this.submit()
        try {
          await staging.mapAsync(GPUMapMode.READ)
        } catch (cause) {
          // The reason of a loss may come later than what fails by it.
          if (this.usable) await Promise.race([this.device.lost, sleep(REASON_MS)])
          this.failure ??= `the graphics device gives no result: ${(cause as Error).message}`
          throw new LabError('backend', this.failure, { cause })
        }
        if (this.failure) throw new LabError('backend', this.failure)
        const values = staging.getMappedRange().slice(0, bytes)
        staging.unmap()
        giveBack()
        return values
      },
      drop: giveBack,
    }
  }

  submit(): void {
    if (!this.encoder) return
    this.endPass()
    if (this.used > 0) this.device.queue.writeBuffer(this.uploads, 0, this.mirror, 0, this.used)
    this.device.queue.submit([this.encoder.finish()])
    this.encoder = null
    this.used = 0
    this.submits++
    for (const buffer of this.retired.splice(0)) buffer.destroy()
  }

  private between(): GPUCommandEncoder {
    this.endPass()
    return this.recording()
  }

  private endPass(): void {
    this.pass?.end()
    this.pass = null
  }

  private recording(): GPUCommandEncoder {
    this.encoder ??= this.device.createCommandEncoder()
    return this.encoder
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
