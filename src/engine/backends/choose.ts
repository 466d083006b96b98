import type { backendNames } from '../config.ts'
import { LabError } from '../errors.ts'
import type { BackendChoice, BackendName } from './types.ts'

const inBrowser = typeof location !== 'undefined'

/**
 * Which backend a wish leads to, with the reason in a sentence. `auto` takes WebGPU on a hardware adapter, else WebAssembly: a
 * software adapter computes on the same CPU, only slower.
 * @throws LabError `backend` when the wish cannot be met here
 */
export async function chooseBackend(wish: (typeof backendNames)[number]): Promise<BackendChoice> {
  const { adapter, hardware, missing } = await findAdapter()
  const choice = (name: BackendName, reason: string): BackendChoice => ({ name, reason, adapter, hardware })
  if (wish === 'auto') {
    if (hardware) return choice('webgpu', `WebGPU on ${adapter}`)
    return choice(
      'wasm',
      adapter ? `WebAssembly, because the only WebGPU adapter is software: ${adapter}` : `WebAssembly, because ${missing}`,
    )
  }
  if (wish === 'webgpu' && !adapter)
    throw new LabError(
      'backend',
      `backend: got webgpu, but ${missing}; allowed here: ${inBrowser ? 'auto, wasm, webgl, cpu' : 'auto, wasm, cpu'}`,
    )
  if (wish === 'webgl' && !inBrowser)
    throw new LabError('backend', 'backend: got webgl, which needs a browser; allowed here: auto, wasm, cpu')
  return choice(wish, wish === 'webgpu' ? `WebGPU on ${adapter}, as asked` : `${wish}, as asked`)
}

async function findAdapter(): Promise<{ adapter: string | null; hardware: boolean; missing: string }> {
  if (!inBrowser) return { adapter: null, hardware: false, missing: 'Node has no WebGPU' }
  if (!navigator.gpu) {
    const missing = isSecureContext ? 'this browser offers no WebGPU' : 'WebGPU needs a secure address (https or localhost)'
    return { adapter: null, hardware: false, missing }
  }
  const adapter = await navigator.gpu.requestAdapter()
  if (!adapter) return { adapter: null, hardware: false, missing: 'this browser found no WebGPU adapter' }
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info as GPUAdapterInfo & { isFallbackAdapter?: boolean }
  const name = [...new Set([vendor, architecture, description])].filter(Boolean).join(' ') || 'an unnamed adapter'
  return { adapter: isFallbackAdapter ? `${name} (software)` : name, hardware: !isFallbackAdapter, missing: '' }
}
