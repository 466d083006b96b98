import { LabError } from '../../errors.ts'

const inBrowser = typeof location !== 'undefined'
let compiled: Promise<WebAssembly.Module> | null = null

/** The compiled kernels, once for this thread. @throws LabError `backend` when they cannot be loaded */
export function loadModule(): Promise<WebAssembly.Module> {
  compiled ??= (inBrowser ? fromPage() : fromFile()).catch((error) => {
    // The next start tries again.
    compiled = null
    throw error
  })
  return compiled
}

async function fromPage(): Promise<WebAssembly.Module> {
  const { kernelsUrl } = await import('./kernels-url.ts')
  const response = await fetch(kernelsUrl)
  if (!response.ok) throw new LabError('backend', `backend: the kernels of simd could not be loaded (${response.status} for ${kernelsUrl})`)
  // Compiled whole, not while they come: that would want a MIME type which not every web host knows.
  return WebAssembly.compile(await response.arrayBuffer())
}

async function fromFile(): Promise<WebAssembly.Module> {
  // Named by a variable, so that the bundler of pages leaves it alone.
  const fileSystem = 'node:fs/promises'
  const { readFile } = await import(/* @vite-ignore */ fileSystem)
  return WebAssembly.compile(await readFile(new URL('./build/kernels.wasm', import.meta.url)))
}
