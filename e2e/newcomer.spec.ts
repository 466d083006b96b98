import { gzipSync } from 'node:zlib'
import type { Request } from '@playwright/test'
import { expect, Tab, test } from './lab-fixture.ts'

/** Enough to learn something in seconds. */
const query = new URLSearchParams({
  trainImages: '1000',
  testImages: '200',
  steps: '80',
  batchSize: '16',
  evaluateEvery: '20',
  learningRate: '0.01',
  alpha: '100',
  backend: 'simd',
})

test('a newcomer opens the page, brings a second tab, sees the accuracy rise, shares the link and finishes a lesson', async ({
  openTabs,
  context,
}) => {
  const [first] = await openTabs(1, `?${query}`)
  const { page } = first
  await expect(page.getByRole('contentinfo')).toContainText('You are Tab 1, the only worker here: Start trains alone.')
  await expect(page.getByRole('banner')).toContainText('Start: 1 worker, Small CNN on Shapes-10, 80 steps')

  const opened = context.waitForEvent('page')
  await page.getByRole('button', { name: 'Another tab' }).click()
  const second = new Tab(await opened)
  await expect(page.getByRole('banner')).toContainText('Start: 2 workers')
  await expect.poll(() => second.memberCount()).toBe(2)

  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await first.waitForPhase('finished')
  await second.waitForPhase('finished')
  const averaged = (await first.metrics()).flatMap((event) => (event.type === 'evaluation' ? [event.averagedAccuracy] : []))
  expect(averaged.at(-1)).toBeGreaterThan(averaged[0])
  const shown = `${(100 * averaged[averaged.length - 1]).toFixed(1)} %`
  await expect(page.getByRole('group', { name: /^Test accuracy at step 80: .*avg\. model/ })).toHaveAccessibleName(new RegExp(shown))
  await expect(second.page.getByRole('contentinfo')).toContainText(`Finished: ${shown} with the averaged model`)

  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy link' }).click()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  const third = new Tab(await context.newPage())
  await third.page.goto(link)
  await expect(third.page.getByRole('banner')).toContainText('Start: 3 workers, Small CNN on Shapes-10, 80 steps')
  await expect(third.page.getByRole('textbox', { name: 'Dirichlet α' })).toHaveValue('100')
  await third.page.close()
  await second.page.close()

  await page.getByRole('button', { name: 'Lessons' }).click()
  await page.getByRole('menuitem', { name: /Momentum: heavy ball/ }).click()
  const lesson = page.getByRole('region', { name: 'Lesson', exact: true })
  await page.getByRole('button', { name: 'Show all controls' }).click()
  await page.getByRole('textbox', { name: 'Steps per worker' }).fill('20')
  await lesson.getByRole('button', { name: 'Start this run' }).click()
  await expect.poll(async () => (await first.summary())?.config.steps).toBe(20)
  await first.waitForPhase('finished')
  for (let step = 2; step <= 4; step++) {
    await lesson.getByRole('button', { name: 'Next' }).click()
    await expect(lesson.getByText(`Step ${step} of 4`, { exact: true })).toBeVisible()
  }
  await lesson.getByRole('button', { name: 'Finish' }).click()
  await expect(lesson).toHaveCount(0)
  expect([...second.problems, ...third.problems]).toEqual([])
})

test('all that the first page loads before anything is pressed is under 1 MB, compressed', async ({ page, server }) => {
  const loaded: Request[] = []
  page.on('requestfinished', (request) => loaded.push(request))
  await page.goto(server.url)
  await expect(page.getByRole('banner')).toContainText('Start: 1 worker')
  await page.waitForLoadState('networkidle')
  const responses = await Promise.all(loaded.map((request) => request.response()))
  const bodies = await Promise.all(responses.map((response) => response?.body() ?? Buffer.of()))
  expect(loaded.filter((request) => request.resourceType() === 'script').length).toBeGreaterThan(1)
  // TensorFlow.js waits until somebody trains with it.
  expect(bodies.some((body) => body.includes('registerBackend'))).toBe(false)
  const bytes = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0)
  expect(bytes).toBeLessThan(1_000_000)
})
