import { type Backend, compressorSchema, compressors, createCompressor, eachValue } from '../../engine/index.ts'

/** One compressor on a vector of ResNet20's length. */
export interface CompressorRow {
  compressor: string
  size: number
  ratio: number | null
  /** time of one compression, the read from the device included */
  medianMs: number
  p95Ms: number
  /** of memory allocated for one compression, as far as the process shows it */
  allocatedKiB: number
  /** entries sent */
  entries: number
}

const SIZE = 272_474
const RATIO = 0.01
const WARM_UP = 5

/** Times every compressor for about so many seconds each. */
export async function benchCompressors(backend: Backend, seconds: number): Promise<CompressorRow[]> {
  const v = backend.vectors(SIZE).zeros()
  v.write(Float32Array.from({ length: SIZE }, (_, i) => Math.sin(i * 12.9898) * Math.cos(i * 0.37)))
  const rows: CompressorRow[] = []
  for (const { id, hyperparameters } of compressors) {
    const ratio = 'ratio' in hyperparameters.shape ? RATIO : null
    const compressor = createCompressor(compressorSchema.parse({ id, ...(ratio && { ratio }) }), { size: SIZE, seed: 1, rank: 0 })
    const times: number[] = []
    let step = 0
    for (; step < WARM_UP; step++) await compressor.compress(v, step)
    const heapBefore = process.memoryUsage()
    await compressor.compress(v, step++)
    const heapAfter = process.memoryUsage()
    const end = performance.now() + seconds * 1000
    while (performance.now() < end) {
      const start = performance.now()
      await compressor.compress(v, step++)
      times.push(performance.now() - start)
    }
    let entries = 0
    eachValue(await compressor.compress(v, step), () => entries++)
    times.sort((a, b) => a - b)
    rows.push({
      compressor: id,
      size: SIZE,
      ratio,
      medianMs: times[times.length >> 1],
      p95Ms: times[Math.floor(times.length * 0.95)],
      allocatedKiB: Math.max(0, heapAfter.heapUsed + heapAfter.arrayBuffers - heapBefore.heapUsed - heapBefore.arrayBuffers) / 1024,
      entries,
    })
  }
  v.dispose()
  return rows
}
