import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import type { RunConfigInput } from '../src/engine/index.ts'
import { simulate } from './command-line.ts'
import { expect, quickRun, Tab, test } from './lab-fixture.ts'

const simulated: RunConfigInput = { ...quickRun, workers: 4, topology: 'chain', backend: 'simd' }

test('one tab trains a simulated cluster that can be paused, to the parameters of lab simulate', async ({ openTabs }) => {
  const query = new URLSearchParams({ trainImages: '600', testImages: '100', steps: '30', batchSize: '8', evaluateEvery: '10' })
  const [tab] = await openTabs(1, `?${query}&learningRate=0.02&algorithm.localSteps=3&topology=chain&backend=simd`)
  const { page } = tab
  await page.getByText('Simulated here').click()
  await page.getByRole('textbox', { name: 'Workers' }).fill('4')
  await expect(page).toHaveURL(/simulated=true/)
  await page.getByRole('button', { name: 'Start' }).click()

  await tab.waitForStep(3)
  await page.getByRole('button', { name: 'Pause' }).click()
  await tab.waitForPhase('paused')
  const paused = (await tab.state()).run
  expect(paused).toMatchObject({ simulated: true, phase: 'paused' })
  expect((paused?.step ?? 1) % 3).toBe(0)
  const steps = (await tab.metrics()).filter((event) => event.type === 'step')
  for (const rank of [0, 1, 2, 3]) expect(steps.findLast((event) => event.rank === rank)?.step).toBe(paused?.step)
  await page.getByRole('button', { name: 'Step', exact: true }).click()
  await expect.poll(async () => (await tab.state()).run).toMatchObject({ phase: 'paused', step: (paused?.step ?? 0) + 3 })

  const swarm = page.getByRole('region', { name: 'Swarm' })
  await expect(swarm.getByRole('listitem').filter({ hasText: 'simulated' }).filter({ hasText: 'rank' })).toHaveCount(4)
  await expect(page.getByRole('list', { name: 'Workers' }).getByRole('listitem')).toHaveText([0, 1, 2, 3].map((rank) => `Worker ${rank}`))
  await expect(page.getByRole('group', { name: 'chain, 4 workers' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Pictures by class and worker' }).getByRole('columnheader')).toHaveCount(5)

  await page.getByRole('button', { name: 'Resume' }).click()
  await tab.waitForPhase('finished')
  // A column for each worker, and one for the averaged model.
  const byClass = page.getByRole('region', { name: 'Test accuracy by class and worker' })
  await expect(byClass.getByRole('columnheader')).toHaveText(['class', '0', '1', '2', '3', 'avg'])
  await expect(byClass.getByRole('row')).toHaveCount(11)
  const summary = await tab.summary()
  expect(summary).toMatchObject({ status: 'finished', simulated: true, steps: 30 })
  const expected = await simulate(simulated, '--local-steps 3', test.info().outputPath('results'))
  expect(summary?.parametersSha256).toBe(expected.parametersSha256)
  expect(summary?.accuracy).toEqual(expected.accuracy)
  expect(summary?.sentBytes).toEqual(expected.sentBytes)

  await seesPredictions(page)
  await seesWhereTheTimeGoes(page)
  await page.getByRole('tab', { name: 'Charts' }).click()

  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('JSON Lines').click()])
  const [header] = (await readFile(await download.path(), 'utf8')).split('\n')
  expect(JSON.parse(header)).toMatchObject({ type: 'header', simulated: true, config: { workers: 4, steps: 30 } })

  await page.getByRole('button', { name: 'Reset' }).click()
  // The charts say what they will show, the numbers that there are none.
  await expect(page.getByText('No data yet: press Start')).toHaveCount(1)
  await expect(page.getByText('Every worker trains the same network')).toBeVisible()
  await expect(page).not.toHaveURL(/simulated/)
})

async function seesPredictions(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Predictions' }).click()
  const strip = page.getByRole('region', { name: 'Test pictures' })
  await expect(strip.getByRole('listitem')).toHaveCount(12)
  await expect(strip.getByText('%')).toHaveCount(24)
  const colors = await strip
    .getByRole('img')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => new Set(canvas.getContext('2d')?.getImageData(0, 0, 32, 32).data).size)
  expect(colors).toBeGreaterThan(20)
  await page.getByLabel('Whose predictions').selectOption('Worker 2')
  await expect(page.getByRole('region', { name: 'Pictures of Worker 2' }).getByRole('img')).toHaveCount(24)

  const confusion = page.getByRole('region', { name: 'Confusion matrix' })
  await confusion.getByText('avg. model').click()
  const cells = confusion.getByRole('gridcell')
  await expect(cells).toHaveCount(100)
  expect((await cells.allTextContents()).reduce((sum, count) => sum + Number(count), 0)).toBe(100)
  await cells.first().focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await expect(confusion.getByText(/of class square are seen as that: \d+\.\d %/)).toBeVisible()
}

async function seesWhereTheTimeGoes(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Workers' }).click()
  const bars = page.getByRole('list', { name: 'Where the time goes' }).getByRole('img')
  await expect(bars).toHaveCount(4)
  await bars.nth(2).focus()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('tooltip')).toHaveText(/compute .* ms .*encode .* ms .*send .* ms .*wait .* ms/)
  await expect(page.getByRole('group', { name: /^Drift at step 30: Worker 0/ })).toBeVisible()
}

test('a tab that simulates is left out of what the room starts, and is stopped by nobody else', async ({ openTabs }) => {
  const [first, second, third] = await openTabs(3)
  await third.start({ ...simulated, steps: 2_000, evaluateEvery: 0 }, { simulated: true })
  await third.waitForStep(1)
  for (const tab of [first, second])
    await expect(tab.page.getByRole('region', { name: 'Swarm' }).getByText('runs simulated workers of its own')).toHaveCount(1)
  await second.start({ ...quickRun, steps: 5 })
  await first.waitForPhase('finished')
  await second.waitForPhase('finished')
  expect(await first.summary()).toMatchObject({ simulated: false, config: { workers: 2 } })
  expect((await third.state()).run).toMatchObject({ simulated: true, phase: 'running' })

  await third.call('stop')
  await third.waitForPhase('stopped')
  await first.start({ ...quickRun, steps: 5 })
  await third.waitForPhase('finished')
  expect(await third.summary()).toMatchObject({ simulated: false, config: { workers: 3 } })
})

test('the shards of the next run are there before it, and a slider redraws them', async ({ openTabs }) => {
  const [tab] = await openTabs(1, '?simulated=true&workers=4&trainImages=400&testImages=20&steps=2&batchSize=4&evaluateEvery=0')
  const { page } = tab
  const cells = page.getByRole('region', { name: 'Pictures by class and worker' }).getByRole('cell')
  const slider = page.getByRole('slider', { name: /Dirichlet/ })
  const largest = async () => Math.max(...(await cells.allTextContents()).map(Number))
  await slider.press('End')
  await expect(page).toHaveURL(/alpha=100/)
  await expect.poll(largest, 'nearly even: 100 pictures of ten classes each').toBeLessThan(15)
  await slider.press('Home')
  await expect.poll(largest, 'lopsided: all 40 of a class with one worker').toBe(40)
  const planned = await cells.allTextContents()
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await tab.waitForPhase('finished')
  expect(await cells.allTextContents(), 'what the workers have made of it').toEqual(planned)
})

test('a browser without WebRTC says that it is alone, and trains simulated workers', async ({ page, server }) => {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'RTCPeerConnection'))
  await page.goto(`${server.url}?workers=2&trainImages=100&testImages=20&steps=4&batchSize=4`)
  await expect(page.getByText('This browser has no WebRTC')).toBeVisible()
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await new Tab(page).waitForPhase('finished')
})
