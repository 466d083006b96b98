import type { KernelTime, ModelName } from '../../engine/index.ts'
import type { BenchHost } from './hosts.ts'

/** One kind of dispatch in a training step of wgsl. */
export interface KernelRow extends KernelTime {
  model: ModelName
  batch: number
  /** gflops over the peak; null where gflops is */
  shareOfPeak: number | null
}

export interface KernelResult {
  adapter: string | null
  /** what the adapter reaches with multiply-adds alone, in GFLOP/s: the best of all models' runs */
  peakGflops: number
  /** whole steps, in the order of the models */
  steps: { model: ModelName; batch: number; stepMs: number; gflops: number; shareOfPeak: number }[]
  rows: KernelRow[]
}

/** Times the kernels of one training step of each model, each kind for about so many seconds. */
export async function benchKernels(
  { engine, models, batch, seconds }: { engine: 'wgsl' | 'simd'; models: ModelName[]; batch: number; seconds: number },
  host: BenchHost,
  say: (line: string) => void,
): Promise<KernelResult> {
  const profiles = []
  for (const model of models) {
    say(`${model}: timing its kernels`)
    const { port, close } = await host.open()
    try {
      profiles.push({ model, batch, ...(await port.profile(engine, model, batch, seconds)) })
    } finally {
      await close()
    }
  }
  const peakGflops = Math.max(...profiles.map((profile) => profile.peakGflops))
  return {
    adapter: profiles[0].adapter,
    peakGflops,
    steps: profiles.map(({ model, stepMs, stepGflops: gflops }) => ({ model, batch, stepMs, gflops, shareOfPeak: gflops / peakGflops })),
    rows: profiles.flatMap(({ model, kernels }) =>
      kernels.map((kernel) => ({ model, batch, ...kernel, shareOfPeak: kernel.gflops === null ? null : kernel.gflops / peakGflops })),
    ),
  }
}
