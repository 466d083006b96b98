import type { Commands } from './commands.ts'
import { gridOf, integersOf, type Kernel, lines } from './kernel.ts'
import type { Pipelines } from './pipelines.ts'
import type { Stopwatch } from './stopwatch.ts'

const THREADS = 1 << 16
/** four floats each; how many it takes to hide the latency differs between devices, and too many spill */
const ACCUMULATORS = [2, 3, 6]
const FEWEST_ROUNDS = 64
/** so long a dispatch hides what starting it costs */
const LONG_ENOUGH_MS = 1
const OUT_BYTES = 1024
/** of threads, rounds and half, filled up */
const UNIFORM_BYTES = 16

interface PeakParts {
  commands: Commands
  pipelines: Pipelines
  stopwatch: Stopwatch
}

/** What the device reaches with multiply-adds in registers alone, in GFLOP/s (two for each multiply-add). */
export async function measurePeak({ commands, pipelines, stopwatch }: PeakParts, seconds: number): Promise<number> {
  const { device } = commands
  const out = commands.buffer(OUT_BYTES)
  const uniforms = commands.buffer(UNIFORM_BYTES, GPUBufferUsage.UNIFORM)
  const results: number[] = []
  for (const accumulators of ACCUMULATORS) {
    const { pipeline, layout } = await pipelines.get(multiplyAdds(accumulators, FEWEST_ROUNDS))
    const group = device.createBindGroup({ layout, entries: [uniforms, out].map((buffer, binding) => ({ binding, resource: { buffer } })) })
    for (let [ms, rounds] = [0, FEWEST_ROUNDS]; ms < LONG_ENOUGH_MS; rounds *= 8) {
      const kernel = multiplyAdds(accumulators, rounds)
      device.queue.writeBuffer(uniforms, 0, integersOf(kernel))
      ms = await stopwatch.time(() => commands.dispatch(pipeline, group, gridOf(kernel)), seconds / ACCUMULATORS.length)
      results.push((THREADS * rounds * accumulators * 4 * 2) / ms / 1e6)
    }
  }
  uniforms.destroy()
  out.destroy()
  return Math.max(...results)
}

/** Factor and summand, which the compiler does not know, bring all values near 2, so nothing is written. */
function multiplyAdds(accumulators: number, rounds: number): Kernel {
  return {
    name: 'multiply-adds',
    buffers: { out: { at: 'partial', as: 'vec4f', writes: true } },
    integers: { rounds, half: 2 },
    threads: THREADS,
    body: `
let factor = 1.0 / f32(g.half);
let summand = f32(g.half) / 2.0;
${lines(accumulators, (a) => `var a${a} = vec4f(f32(i + ${a}));`)}
for (var round = 0; round < g.rounds; round++) {
${lines(accumulators, (a) => `a${a} = a${a} * factor + summand;`)}
}
let total = ${Array.from({ length: accumulators }, (_, a) => `a${a}`).join(' + ')};
if (total.x < 0.0) { out[i % ${OUT_BYTES / 16}] = total; }`,
  }
}
