import { type Operation, regionsOf } from '../plan/index.ts'

/** All executions of one kernel over one size. */
export interface KernelTime {
  kernel: string
  /** what it runs over */
  size: string
  /** executions in a training step */
  dispatches: number
  /** of all of them */
  msPerStep: number
  /** of convolutions and matrix products, counted as multiplied directly; else null */
  gflops: number | null
}

/** Where the time of a training step goes. */
export interface StepProfile {
  /** the device's own multiply-adds, in GFLOP/s */
  peakGflops: number
  /** a whole step */
  stepMs: number
  /** convolutions and matrix products of a step over its time */
  stepGflops: number
  /** longest first */
  kernels: KernelTime[]
}

/** What an operation runs over, in words. */
export function sizeOf(operation: Operation): string {
  if ('shape' in operation && 'kernel' in operation.shape) {
    const { batch, kernel, stride, channels, outChannels, outHeight, outWidth } = operation.shape
    if (batch === 1) return `${outHeight * outWidth} rows, ${channels} to ${outChannels}`
    return `${kernel}x${kernel}${stride > 1 ? ` / ${stride}` : ''}, ${outHeight}x${outWidth}, ${channels} to ${outChannels}`
  }
  return `${Math.max(...regionsOf(operation).map(({ size }) => size))} values`
}

export function groupBy<T>(values: T[], keyOf: (value: T) => unknown): T[][] {
  const groups = new Map<unknown, T[]>()
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value])
  return [...groups.values()]
}
