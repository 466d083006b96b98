import { readFile } from 'node:fs/promises'
import { expect, quickRun, test } from './lab-fixture.ts'

const query = `?${new URLSearchParams({ simulated: 'true', workers: '2', backend: 'simd' })}`
const short = { ...quickRun, workers: 2, trainImages: 200, testImages: 50, steps: 12, evaluateEvery: 4 }

test('a run is kept over a reload, replayed by keyboard, renamed, reported, deleted and brought back', async ({ openTabs }) => {
  const [tab] = await openTabs(1, query)
  const { page } = tab
  await tab.start(short, { simulated: true })
  await tab.waitForPhase('finished')
  const before = await tab.summary()
  await page.getByRole('tab', { name: 'Runs' }).click()
  const row = page.getByRole('row').filter({ hasText: 'finished' })
  await expect(row).toHaveCount(1)

  await page.reload()
  await page.getByRole('tab', { name: 'Runs' }).click()
  // So low that the list has to be scrolled; a recording begins at the top all the same.
  const size = page.viewportSize() ?? { width: 1280, height: 720 }
  await page.setViewportSize({ ...size, height: 200 })
  await row.getByRole('button', { name: /^Replay/ }).click()
  await expect.poll(() => page.locator('.views-column').evaluate(({ scrollTop }) => scrollTop)).toBe(0)
  await page.setViewportSize(size)
  const slider = page.getByRole('slider', { name: 'Place in the recording' })
  await expect(slider).toBeFocused()
  await expect(slider).toHaveAttribute('aria-valuetext', /, step 12$/)
  expect(await tab.summary()).toEqual(before)
  await page.keyboard.press('Home')
  await expect(slider).toHaveAttribute('aria-valuetext', /^0\.0 s of .*, step 0$/)
  await expect(page.getByText('Not yet at this point of the recording').first()).toBeVisible()
  for (let press = 0; press < 60; press++) await page.keyboard.press('ArrowRight')
  expect((await tab.state()).run).toMatchObject({ phase: 'replay' })
  expect((await tab.metrics()).length).toBeLessThan(12 * 2)
  const saidNow = page.locator('.whose')
  const strip = page.getByRole('region', { name: 'Test pictures' })
  await page.getByRole('tab', { name: 'Predictions' }).click()
  await expect(strip.getByRole('img')).toHaveCount(12)
  await slider.press('Home')
  await expect(saidNow).toContainText('no evaluation yet')
  await slider.press('End')
  await expect(saidNow).toContainText('after step 12')
  await expect(strip.locator('.verdict')).toHaveCount(2 * 12)
  await expect.poll(() => tab.summary()).toEqual(before)
  await expect(page.getByRole('region', { name: 'Pictures by class and worker' }).getByRole('columnheader')).toHaveCount(3)
  await page.getByRole('button', { name: 'Leave recording' }).press('Enter')
  await expect(slider).toHaveCount(0)
  expect((await tab.state()).run).toBeNull()

  await page.getByRole('tab', { name: 'Runs' }).click()
  const name = page.getByRole('textbox', { name: /^Name of/ })
  await name.fill('My <b>first</b> run')
  await name.press('Enter')
  await row.getByRole('button', { name: 'Export “My <b>first</b> run”' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /^Report/ }).click()])
  const report = await page.context().newPage()
  await report.setContent(await readFile(await download.path(), 'utf8'))
  await expect(report.getByRole('heading', { level: 1 })).toHaveText('My <b>first</b> run')
  // Two workers on a ring always agree: there is no consensus distance to draw.
  await expect(report.locator('figure')).toHaveCount(4)
  await expect(report.locator('figure').filter({ hasText: 'avg. model' })).toHaveCount(2)
  await report.close()

  await row.getByRole('button', { name: /^Delete/ }).click()
  await expect(row).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Undo' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(name).toHaveValue('My <b>first</b> run')
})

test('where the browser keeps nothing, a run stays until the page is closed; a file opens as a recording', async ({
  openTabs,
  page,
  server,
}) => {
  await page.addInitScript(() => {
    indexedDB.open = () => {
      throw new DOMException('not in private windows', 'SecurityError')
    }
  })
  const [elsewhere] = await openTabs(1, query)
  await elsewhere.start(short, { simulated: true })
  await elsewhere.waitForPhase('finished')
  await elsewhere.page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([elsewhere.page.waitForEvent('download'), elsewhere.page.getByText('JSON Lines').click()])
  const lines = await readFile(await download.path())

  await page.goto(server.url)
  await page.getByRole('tab', { name: 'Runs' }).click()
  await expect(page.getByText('This browser keeps nothing for this page (not in private windows)')).toBeVisible()
  const input = page.locator('input[type=file]')
  await input.setInputFiles({ name: 'broken.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from('nonsense\n') })
  await expect(page.getByRole('alert').first()).toContainText('broken.jsonl: line 1: got nonsense')
  await input.setInputFiles({ name: 'metrics.jsonl', mimeType: 'application/jsonl', buffer: lines })
  await expect(page.getByRole('region', { name: 'Recording' })).toContainText('2 workers')
  await page.getByRole('tab', { name: 'Predictions' }).click()
  await expect(page.getByText('No pictures or predictions are kept with this recording')).toBeVisible()
  await page.getByRole('tab', { name: 'Runs' }).click()
  await expect(page.getByRole('row').filter({ hasText: 'finished' })).toHaveCount(1)
})
