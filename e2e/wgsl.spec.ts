import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { RunSummary } from '../src/cluster/index.ts'
import type { MetricEvent } from '../src/engine/index.ts'
import { root, runLab } from './command-line.ts'
import { expect, quickRun, test } from './lab-fixture.ts'

const cifar = [process.env.TABSWARM_DATASETS, path.join(root, '../shared/datasets'), path.join(root, 'public/datasets/cifar10')].some(
  (place) => place && existsSync(place),
)

const run =
  '--workers 3 --dataset cifar10 --train-images 30 --test-images 32 --partition iid --topology ring --algorithm d-sum --batch-size 8 --augment false --steps 8 --evaluate-every 0 --backend wgsl'

for (const [model, learningRate] of [
  ['resnet20-gn', 0.05],
  ['vit', 0.005],
] as const)
  test(`three tabs train ${model} on WebGPU, on real CIFAR-10`, async () => {
    test.skip(!cifar, 'CIFAR-10 is neither prepared nor at hand')
    test.setTimeout(480_000)
    const out = test.info().outputPath('run')
    const { code, output, errors } = await runLab(
      'run',
      ...run.split(' '),
      ...['--model', model, '--learning-rate', String(learningRate), '--json', '--out', out],
    )
    expect(code, errors).toBe(0)
    const summary: RunSummary = JSON.parse(output.trimEnd().split('\n').at(-1) ?? '')
    expect(summary.status).toBe('finished')
    for (const { backend, adapter, selfTest } of summary.workers) {
      expect(backend).toBe('wgsl')
      expect(adapter).toBeTruthy()
      expect(selfTest?.gradient).toBeLessThan(1e-2)
    }
    const losses = await lossesOf(out)
    expect(losses.at(-1)).toBeLessThan(losses[0])
  })

test('the dashboard shows the adapter and the self-test', async ({ openTabs }) => {
  test.setTimeout(240_000)
  const [tab] = await openTabs(1)
  await tab.start({ ...quickRun, steps: 4, testImages: 20, evaluateEvery: 0, backend: 'wgsl' })
  await tab.waitForPhase('finished', 200_000)
  const line = tab.page.locator('.member-backend')
  await expect(line).toContainText('wgsl')
  await expect(line).toContainText('self-test passed')
  await expect(line).toContainText(/software/i)
})

test('a tab whose graphics device is lost goes on with another, and both tabs tell so', async ({ openTabs }) => {
  test.setTimeout(240_000)
  const [host, second] = await openTabs(2)
  const [worker] = second.page.workers()
  await worker.evaluate(() => {
    const { requestDevice } = GPUAdapter.prototype
    GPUAdapter.prototype.requestDevice = async function (...given) {
      const device = await requestDevice.apply(this, given)
      Object.assign(globalThis, { device })
      return device
    }
  })
  await host.start({ ...quickRun, algorithm: { id: 'gt-dsum' }, steps: 16, testImages: 20, evaluateEvery: 0, backend: 'wgsl' })
  await host.waitForStep(3)
  await worker.evaluate(() => (globalThis as unknown as { device: GPUDevice }).device.destroy())
  await host.waitForPhase('finished', 200_000)
  await second.waitForPhase('finished')
  const views = (await host.metrics()).filter((event) => event.type === 'view')
  expect(views.map(({ rank, members }) => [rank, members]).sort()).toEqual([
    [0, 2],
    [1, 2],
  ])
  expect(views[0].message).toMatch(/^Tab 2: the graphics device was lost/)
  expect((await second.summary())?.parametersSha256).toBe((await host.summary())?.parametersSha256)
  await host.page.getByRole('button', { name: 'Log', exact: true }).click()
  await expect(host.page.locator('.log')).toContainText('the graphics device was lost')
})

/** Mean training loss of all workers after each step. */
async function lossesOf(out: string): Promise<number[]> {
  const [folder] = await readdir(out)
  const lines = (await readFile(path.join(out, folder, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n').slice(1)
  const steps = lines.map((line) => JSON.parse(line) as MetricEvent).filter((event) => event.type === 'step')
  const last = Math.max(...steps.map(({ step }) => step))
  return Array.from({ length: last }, (_, i) => {
    const losses = steps.filter(({ step }) => step === i + 1).map(({ loss }) => loss)
    return losses.reduce((sum, loss) => sum + loss, 0) / losses.length
  })
}
