import url from './build/kernels.wasm?url'

/** Where a browser finds the kernels: beside the bundle. */
export const kernelsUrl = url
