let fromPackage: GPU | null = null

/** The WebGPU entry point: the browser's, or in Node that of the `webgpu` package; null where there is none. */
export async function findGpu(): Promise<GPU | null> {
  if (typeof location !== 'undefined') return navigator.gpu ?? null
  if (!fromPackage) {
    // Not to be bundled for the browser.
    const name = 'webgpu'
    try {
      const { create, globals } = (await import(/* @vite-ignore */ name)) as typeof import('webgpu')
      Object.assign(globalThis, globals)
      fromPackage = create([])
    } catch {
      return null
    }
  }
  return fromPackage
}
