import { LabError } from '../../errors.ts'

/** What the compiled kernels export (`assembly/index.ts`): addresses are bytes of the linear memory, sizes are in floats, flags 0 or 1. */
export type Kernels = Record<string, (...numbers: number[]) => number>

const MIB = 2 ** 20
/** of AssemblyScript's allocator, with room for its own words */
const LARGEST_BLOCK = 2 ** 30 - 2 ** 10

/** One instance of the kernels' module with its linear memory: all that a backend computes lies there. */
export class Heap {
  readonly kernels: Kernels
  private readonly memory: WebAssembly.Memory
  private taken = 0

  constructor(module: WebAssembly.Module) {
    const abort = () => {
      throw new Error('the kernels gave up')
    }
    const { memory, ...kernels } = new WebAssembly.Instance(module, { env: { abort } }).exports
    this.memory = memory as WebAssembly.Memory
    this.kernels = kernels as Kernels
  }

  /** blocks that are taken, for leak tests */
  get blocks(): number {
    return this.taken
  }

  /** of the whole memory, which never shrinks */
  get size(): number {
    return this.memory.buffer.byteLength
  }

  /** @throws LabError `backend` when the memory cannot grow so far */
  allocate(floats: number): number {
    try {
      if (floats * 4 > LARGEST_BLOCK) throw new Error('more than a block can have')
      const address = this.kernels.allocate(floats * 4)
      this.taken++
      // Above 2 GiB an address comes as a negative number.
      return address >>> 0
    } catch (cause) {
      const [wanted, used] = [Math.ceil((floats * 4) / MIB), Math.ceil(this.size / MIB)]
      throw new LabError('backend', `backend: simd wants ${wanted} MiB beside the ${used} MiB it has, which there is no room for`, {
        cause,
      })
    }
  }

  release(address: number): void {
    this.taken--
    this.kernels.release(address)
  }

  /** A view of the memory; valid until the next allocation. */
  floats(address: number, count: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.memory.buffer as ArrayBuffer, address, count)
  }

  /** As `floats`. */
  integers(address: number, count: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.memory.buffer as ArrayBuffer, address, count)
  }

  /** As `floats`. */
  bytes(address: number, count: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer as ArrayBuffer, address, count)
  }
}
