import { LabError } from '../../errors.ts'
import { findGpu } from '../gpu.ts'

/** A device with buffers as large as the adapter allows. @throws LabError `backend` when there is no adapter */
export async function openDevice(): Promise<GPUDevice> {
  const adapter = await (await findGpu())?.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) throw new LabError('backend', 'backend: got wgsl, but there is no WebGPU adapter here; simd, wasm and cpu need none')
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits
  return adapter.requestDevice({ requiredLimits: { maxBufferSize, maxStorageBufferBindingSize } })
}
