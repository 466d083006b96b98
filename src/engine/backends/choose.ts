import type { backendNames } from '../config.ts'
import { LabError } from '../errors.ts'
import { findGpu } from './gpu.ts'
import type { BackendChoice, BackendName } from './types.ts'

const inBrowser = typeof location !== 'undefined'

/**
 * Which backend a wish leads to, with the reason in a sentence. `auto` takes the compiled engine on a hardware WebGPU adapter, else
 * WebAssembly: a software adapter computes on the same CPU, only slower. In Node `auto` is WebAssembly, and wgsl is there when asked for.
 * @throws LabError `backend` when the wish cannot be met here
 */
export async function chooseBackend(wish: (typeof backendNames)[number]): Promise<BackendChoice> {
  const { adapter, hardware, missing } = await findAdapter(wish)
  const choice = (name: BackendName, reason: string): BackendChoice => ({ name, reason, adapter, hardware, selfTest: null })
  if (wish === 'auto') {
    if (hardware) return choice('wgsl', `the compiled engine on WebGPU: ${adapter}`)
    return choice(
      'wasm',
      adapter ? `WebAssembly, because the only WebGPU adapter is software: ${adapter}` : `WebAssembly, because ${missing}`,
    )
  }
  const onGpu = wish === 'webgpu' || wish === 'wgsl'
  if (onGpu && !adapter)
    throw new LabError(
      'backend',
      `backend: got ${wish}, but ${missing}; allowed here: ${inBrowser ? 'auto, wasm, webgl, cpu' : 'auto, wasm, cpu'}`,
    )
  if (wish === 'webgpu' && !inBrowser)
    throw new LabError('backend', 'backend: got webgpu, which is tfjs on WebGPU and needs a browser; allowed here: auto, wgsl, wasm, cpu')
  if (wish === 'webgl' && !inBrowser)
    throw new LabError('backend', 'backend: got webgl, which needs a browser; allowed here: auto, wasm, cpu')
  return choice(wish, onGpu ? `${wish} on ${adapter}, as asked` : `${wish}, as asked`)
}

async function findAdapter(wish: string): Promise<{ adapter: string | null; hardware: boolean; missing: string }> {
  const none = (missing: string) => ({ adapter: null, hardware: false, missing })
  if (!inBrowser && wish !== 'wgsl') return none('WebGPU is used in Node only when wgsl is asked for')
  const gpu = await findGpu()
  if (!gpu && !inBrowser) return none('the package webgpu cannot be loaded here')
  if (!gpu) return none(isSecureContext ? 'this browser offers no WebGPU' : 'WebGPU needs a secure address (https or localhost)')
  const adapter = await gpu.requestAdapter()
  if (!adapter)
    return none(
      inBrowser ? 'this browser found no WebGPU adapter' : 'no WebGPU adapter was found (it takes a Vulkan, Metal or Direct3D 12 driver)',
    )
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info as GPUAdapterInfo & { isFallbackAdapter?: boolean }
  const name = [...new Set([vendor, architecture, description])].filter(Boolean).join(' ') || 'an unnamed adapter'
  return { adapter: isFallbackAdapter ? `${name} (software)` : name, hardware: !isFallbackAdapter, missing: '' }
}
