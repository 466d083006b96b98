import type { backendNames } from '../config.ts'
import { LabError } from '../errors.ts'
import { findGpu } from './gpu.ts'
import type { BackendChoice, BackendName } from './types.ts'

const inBrowser = typeof location !== 'undefined'

/**
 * Which backend a wish leads to, with the reason in a sentence. `auto` takes the compiled engine: on a hardware WebGPU adapter, else on
 * SIMD WebAssembly, for a software adapter computes on the same CPU, only slower. In Node wgsl is there when asked for.
 * @throws LabError `backend` when the wish cannot be met here
 */
export async function chooseBackend(wish: (typeof backendNames)[number]): Promise<BackendChoice> {
  const { adapter, hardware, missing } = await findAdapter(wish)
  const choice = (name: BackendName, reason: string): BackendChoice => ({ name, reason, adapter, hardware, selfTest: null })
  if (wish === 'auto') {
    if (hardware) return choice('wgsl', `the compiled engine on WebGPU: ${adapter}`)
    const because = adapter ? `the only WebGPU adapter is software: ${adapter}` : missing
    return hasSimd()
      ? choice('simd', `the compiled engine on the CPU (SIMD WebAssembly), because ${because}`)
      : choice('wasm', `WebAssembly, because ${because}, and there is no SIMD here`)
  }
  const onGpu = wish === 'webgpu' || wish === 'wgsl'
  const refuse = (why: string) =>
    new LabError('backend', `backend: got ${wish}, ${why}; allowed here: auto, simd, wasm, ${inBrowser ? 'webgl, ' : ''}cpu`)
  if (onGpu && !adapter) throw refuse(`but ${missing}`)
  if (wish === 'webgpu' && !inBrowser) throw refuse('which is tfjs on WebGPU and needs a browser (wgsl does not)')
  if (wish === 'webgl' && !inBrowser) throw refuse('which needs a browser')
  if (wish === 'simd' && !hasSimd()) throw refuse('but there is no SIMD in the WebAssembly of this browser')
  return choice(wish, onGpu ? `${wish} on ${adapter}, as asked` : `${wish}, as asked`)
}

/** Whether WebAssembly has 128-bit SIMD here: a module of one function that makes a vector. */
function hasSimd(): boolean {
  const header = [0, 97, 115, 109, 1, 0, 0, 0]
  const types = [1, 4, 1, 96, 0, 0]
  const functions = [3, 2, 1, 0]
  // i32.const 0, i8x16.splat, drop
  const code = [10, 9, 1, 7, 0, 65, 0, 253, 15, 26, 11]
  return WebAssembly.validate(Uint8Array.from([...header, ...types, ...functions, ...code]))
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
