import { LabError } from '../../errors.ts'
import { type Kernel, shaderOf } from './kernel.ts'

/** A compiled shader with the layout of its bind group. */
export interface Pipeline {
  pipeline: GPUComputePipeline
  layout: GPUBindGroupLayout
}

/** Compute pipelines by their shader, each compiled once. */
export class Pipelines {
  private readonly byCode = new Map<string, Promise<Pipeline>>()
  /** by which buffers are written to */
  private readonly layouts = new Map<string, GPUBindGroupLayout>()

  constructor(private readonly device: GPUDevice) {}

  /** @throws LabError `backend` with the compiler's words */
  get(kernel: Kernel): Promise<Pipeline> {
    const code = shaderOf(kernel)
    let pipeline = this.byCode.get(code)
    if (!pipeline) {
      pipeline = this.compile(code, kernel)
      this.byCode.set(code, pipeline)
    }
    return pipeline
  }

  private async compile(code: string, kernel: Kernel): Promise<Pipeline> {
    const { device } = this
    const label = kernel.name
    const layout = this.layoutOf(kernel)
    const module = device.createShaderModule({ code, label })
    try {
      const pipeline = await device.createComputePipelineAsync({
        label,
        layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: 'main' },
      })
      return { pipeline, layout }
    } catch (cause) {
      const { messages } = await module.getCompilationInfo()
      const details = messages.map(({ lineNum, message }) => `line ${lineNum}: ${message}`).join('; ')
      throw new LabError(
        'backend',
        `backend: the kernel "${label}" does not compile on this device: ${details || (cause as Error).message}`,
        { cause },
      )
    }
  }

  private layoutOf({ buffers }: Kernel): GPUBindGroupLayout {
    const types = Object.values(buffers).map(({ writes }): GPUBufferBindingType => (writes ? 'storage' : 'read-only-storage'))
    const key = types.join(' ')
    let layout = this.layouts.get(key)
    if (!layout) {
      const all: GPUBufferBindingType[] = ['uniform', ...types]
      const entries = all.map((type, binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } }))
      layout = this.device.createBindGroupLayout({ entries })
      this.layouts.set(key, layout)
    }
    return layout
  }
}
