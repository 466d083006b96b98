import { describe, expect, it } from 'vitest'
import { benchEngines } from './engine-suite.ts'
import type { BenchHost } from './hosts.ts'
import type { EngineName } from './page/engines.ts'
import type { BenchPort, Training } from './page/port.ts'

const options = { models: ['cnn' as const], engines: ['wgsl', 'tfjs-webgpu', 'tfjs-wasm'] as EngineName[], batch: 16, seconds: 3 }

/** Every engine takes 10 steps in each round: wgsl in 1, 2 and 4 seconds, the others ten times as slowly. */
function fakeHost(change: (engine: EngineName) => Partial<BenchPort> = () => ({})) {
  const asked: string[] = []
  let closed = 0
  const host: BenchHost = {
    where: 'a test',
    close: async () => {},
    async open() {
      let own: EngineName
      let turn = 0
      const started = { adapter: 'an adapter', loss: 2.3, bootMs: 1_500 }
      const port: BenchPort = {
        async open(engine) {
          own = engine
          Object.assign(port, change(engine))
          return started
        },
        async train(seconds): Promise<Training> {
          asked.push(own)
          if (turn++ === 0) return { steps: 1, ms: 1, jsMs: 1, submits: 1, buffers: 5, gpuBytes: 2 ** 20, loss: 2.1 }
          expect(seconds).toBe(1)
          const ms = 1_000 * 2 ** (turn - 2) * (own === 'wgsl' ? 1 : 10)
          return { steps: 10, ms, jsMs: turn, submits: 20, buffers: 5, gpuBytes: 2 ** 20 * turn, loss: 1 }
        },
        profile: () => Promise.reject(new Error('not wanted')),
      }
      return { port, close: async () => void closed++ }
    },
  }
  return { host, asked, closed: () => closed }
}

describe('lab bench engine', () => {
  it('lets the engines take turns, and reports the middle round', async () => {
    const { host, asked, closed } = fakeHost()
    const { adapter, rows, failures } = await benchEngines(options, host, () => {})
    // warm-ups, then three rounds
    expect(asked.slice(3)).toEqual([...options.engines, ...options.engines, ...options.engines])
    expect({ adapter, failures, closed: closed() }).toEqual({ adapter: 'an adapter', failures: [], closed: 3 })
    const common = { model: 'cnn', batch: 16, bootMs: 1_500, steps: 30 }
    const onGpu = { jsMsPerStep: 3, submitsPerStep: 2, buffersPerStep: 0.5, gpuMiB: 4, gpuMiBGrowth: 3 }
    const onCpu = { jsMsPerStep: null, submitsPerStep: null, buffersPerStep: null, gpuMiB: null, gpuMiBGrowth: null }
    expect(rows).toEqual([
      { ...common, ...onGpu, engine: 'wgsl', imagesPerSecond: 80, firstSpeedup: 1 },
      { ...common, ...onGpu, engine: 'tfjs-webgpu', imagesPerSecond: 8, firstSpeedup: 10 },
      { ...common, ...onCpu, engine: 'tfjs-wasm', imagesPerSecond: 8, firstSpeedup: 10 },
    ])
  })

  it('leaves out an engine that fails, or trains something else, and says so', async () => {
    const told: string[] = []
    const { host, closed } = fakeHost((engine) => {
      if (engine === 'wgsl') return {}
      if (engine === 'tfjs-wasm') return { train: () => Promise.reject(new Error('out of memory')) }
      const other = { steps: 1, ms: 1, jsMs: 1, submits: 1, buffers: 0, gpuBytes: 0, loss: Number.NaN }
      return { train: async () => other }
    })
    const { rows, failures } = await benchEngines(options, host, (line) => told.push(line))
    expect(rows.map(({ engine }) => engine)).toEqual(['wgsl'])
    expect(failures).toEqual([
      'cnn on tfjs-webgpu: the losses of its first two steps are 2.3 and NaN; on wgsl they are 2.3 and 2.1',
      'cnn on tfjs-wasm: out of memory',
    ])
    expect(told).toContain(`left out: ${failures[1]}`)
    expect(closed()).toBe(3)
  })

  it('fails when nothing is left to measure', async () => {
    const { host } = fakeHost(() => ({ train: () => Promise.reject(new Error('no device')) }))
    const only = benchEngines({ ...options, engines: ['wgsl'] }, host, () => {})
    await expect(only).rejects.toThrow('nothing could be measured: cnn on wgsl: no device')
  })
})
