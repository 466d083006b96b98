import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { RunSummary } from '../src/cluster/index.ts'
import { root, runLab } from './command-line.ts'
import { expect, test } from './lab-fixture.ts'

const cifar = [process.env.TABSWARM_DATASETS, path.join(root, '../shared/datasets'), path.join(root, 'public/datasets/cifar10')].some(
  (place) => place && existsSync(place),
)

const run =
  '--workers 3 --dataset cifar10 --train-images 10000 --test-images 1000 --partition dirichlet --alpha 0.5 --model cnn --topology ring --algorithm d-sum --batch-size 16 --learning-rate 0.02 --steps 300 --evaluate-every 100 --backend simd'

test('three tabs on real CIFAR-10 learn, and the simulation gives the same parameters to the last bit', async () => {
  test.skip(!cifar, 'CIFAR-10 is neither prepared nor at hand')
  const testInfo = test.info()
  const [tabs, simulated] = [await lab('run', testInfo.outputPath('tabs')), await lab('simulate', testInfo.outputPath('simulated'))]
  expect(tabs.accuracy?.averaged).toBeGreaterThan(0.35)
  expect(Math.abs((tabs.accuracy?.averaged ?? 0) - (simulated.accuracy?.averaged ?? 1))).toBeLessThan(0.001)
  expect(tabs.parametersSha256).toBe(simulated.parametersSha256)
  expect(tabs.sentBytes.payload).toBe(simulated.sentBytes.payload)
  const [folder] = await readdir(testInfo.outputPath('tabs'))
  expect((await readdir(testInfo.outputPath('tabs', folder))).sort()).toEqual([
    'config.json',
    'dashboard.png',
    'metrics.jsonl',
    'summary.json',
  ])
})

/** Resolves with the summary that --json prints last. */
async function lab(command: 'run' | 'simulate', out: string): Promise<RunSummary> {
  const { code, output, errors } = await runLab(command, ...run.split(' '), '--json', '--out', out)
  expect(code, errors).toBe(0)
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '')
}
