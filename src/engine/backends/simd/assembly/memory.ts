/** Kernels read whole vectors of four floats, at most this far behind the end of a matrix. */
const OVERREAD: usize = 64

/** Memory for so many bytes, aligned to 16. */
export function allocate(bytes: usize): usize {
  return heap.alloc(bytes + OVERREAD)
}

export function release(at: usize): void {
  heap.free(at)
}
