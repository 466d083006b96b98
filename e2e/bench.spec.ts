import { runLab } from './command-line.ts'
import { expect, test } from './lab-fixture.ts'

test('lab bench engine measures in Chromium: a step of wgsl is one submission and makes no buffer', async () => {
  const { code, output, errors } = await runLab(
    ...['bench', 'engine', '--models', 'cnn', '--engines', 'wgsl,tfjs-wasm', '--batch', '1', '--seconds', '0.3', '--json'],
  )
  expect(code, errors).toBe(0)
  const { schema, suite, adapter, rows, failures } = JSON.parse(output.trimEnd().split('\n').at(-1) as string)
  expect({ schema, suite, failures }).toEqual({ schema: 'tabswarm/bench/1', suite: 'engine', failures: [] })
  expect(adapter).toEqual(expect.any(String))
  const [wgsl, wasm] = rows
  expect(wgsl).toMatchObject({ model: 'cnn', batch: 1, engine: 'wgsl', submitsPerStep: 1, buffersPerStep: 0, gpuMiBGrowth: 0 })
  expect(wgsl.imagesPerSecond * wgsl.jsMsPerStep * wgsl.gpuMiB).toBeGreaterThan(0)
  expect(wasm).toMatchObject({ engine: 'tfjs-wasm', submitsPerStep: null, buffersPerStep: null, gpuMiB: null })
})
