import { expect, type Tab, test } from './lab-fixture.ts'

const panelOf = ({ page }: Tab) => page.getByRole('region', { name: 'Lesson', exact: true })

/** Presses Start in the lesson and gives the run's summary. */
async function runToTheEnd(tab: Tab) {
  await panelOf(tab).getByRole('button', { name: 'Start this run' }).click()
  await tab.waitForPhase('running')
  await tab.waitForPhase('finished', 300_000)
  const summary = await tab.summary()
  if (!summary) throw new Error('a finished run has no summary')
  return summary
}

test('a lesson is found in the list, gone through with real runs, reloaded in between, and finished', async ({ openTabs }) => {
  const [tab] = await openTabs(1)
  const { page } = tab
  const panel = panelOf(tab)
  await page.getByRole('button', { name: 'Lessons' }).click()
  await expect(page.getByRole('menuitem').filter({ hasText: /^\d\./ })).toHaveCount(8)
  await page.getByRole('menuitem', { name: /What gossip averaging does/ }).click()
  await expect(panel.getByRole('heading', { level: 3 })).toBeFocused()
  await expect(panel.getByText('Step 1 of 4', { exact: true })).toBeVisible()
  await expect(page).toHaveURL(/lesson=what-gossip-averaging-does&step=1/)
  await expect(page.getByRole('textbox', { name: 'Batch size' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Show all controls' }).click()
  await expect(page.getByRole('textbox', { name: 'Batch size' })).toHaveValue('8')
  await page.getByRole('button', { name: 'Show only the controls of this lesson' }).click()
  const alone = await runToTheEnd(tab)

  await panel.getByRole('button', { name: 'Next' }).click()
  await expect(panel.getByRole('heading', { name: /Gossip on a ring/ })).toBeFocused()
  const ring = await runToTheEnd(tab)
  await expect(page.getByRole('region', { name: 'Earlier runs' }).getByRole('listitem')).toHaveText([/Local/])
  expect(ring.consensusDistance).toBeLessThan(alone.consensusDistance ?? 0)

  await panel.getByRole('button', { name: 'Next' }).click()
  await expect(page).toHaveURL(/step=3/)
  await page.reload()
  await expect(panel.getByText('Step 3 of 4', { exact: true })).toBeVisible()
  await expect.poll(() => tab.memberCount()).toBe(1)
  const torusButton = panel.getByRole('button', { name: 'Bend the ring to a torus' })
  await expect(torusButton).toHaveAttribute('aria-pressed', 'true')
  const torus = await runToTheEnd(tab)
  expect(torus.consensusDistance).toBeLessThan(ring.consensusDistance ?? 0)
  await expect(torusButton).toHaveAccessibleName(/\(tried\)/)
  await panel.getByRole('button', { name: 'Link everybody with everybody' }).click()
  const complete = await runToTheEnd(tab)
  expect(complete.consensusDistance).toBeLessThan(1e-3 * (torus.consensusDistance ?? 0))
  await expect(page.getByRole('region', { name: 'Earlier runs' }).getByRole('listitem')).toHaveText(['Topology torus'])

  await panel.getByRole('button', { name: 'Next' }).click()
  const exponential = await runToTheEnd(tab)
  expect(exponential.config.topology).toBe('exponential')
  await panel.getByRole('button', { name: 'Finish' }).click()
  await expect(panel).toHaveCount(0)
  await expect(page).not.toHaveURL(/lesson=/)
})

test('a link to no lesson names those there are', async ({ openTabs }) => {
  const [{ page }] = await openTabs(1, '?lesson=alchemy')
  await expect(page.getByRole('alert')).toContainText('lesson: got "alchemy"; allowed: what-gossip-averaging-does, what-non-iid-data-does')
})

test('a teacher writes a lesson in the dashboard, and its link opens it elsewhere', async ({ openTabs, browser, server }) => {
  const query = new URLSearchParams({ trainImages: '600', testImages: '100', steps: '30', batchSize: '8', workers: '3', simulated: 'true' })
  const [teacher] = await openTabs(1, `?${query}&evaluateEvery=10&learningRate=0.02&backend=simd&alpha=7`)
  const { page } = teacher
  await page.getByRole('button', { name: 'Lessons' }).click()
  await page.getByRole('menuitem', { name: 'Share as lesson…' }).click()
  const composer = page.getByRole('region', { name: 'Share as lesson' })
  await composer.getByRole('textbox', { name: 'Title of the lesson' }).fill('Three workers')
  await composer.getByRole('button', { name: 'Add the form as a step' }).click()
  await expect(composer.getByRole('status')).toContainText('steps.0.title')
  const step = composer.getByRole('region', { name: 'Step 1' })
  await step.getByRole('textbox', { name: 'Title of the step' }).fill('Begin here')
  await step.getByRole('textbox', { name: 'Text', exact: true }).fill('Press Start.\n\nThen think.')
  await page.getByRole('textbox', { name: 'Dirichlet α' }).fill('0.2')
  await step.getByRole('button', { name: 'Add the form as another button' }).click()
  await step.getByRole('textbox', { name: 'Text of button 1' }).fill('Even')
  await step.getByRole('textbox', { name: 'Text of button 2' }).fill('Skewed')
  await expect(composer.getByText(/The link has [\d,]+ characters/)).toBeVisible()

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await composer.getByRole('button', { name: 'Copy lesson link' }).click()
  await expect(composer.getByRole('button', { name: 'Link copied' })).toBeVisible()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  expect(link.startsWith(server.url)).toBe(true)

  const elsewhere = await browser.newContext()
  const student = await elsewhere.newPage()
  await student.goto(link)
  const panel = student.getByRole('region', { name: 'Lesson', exact: true })
  await expect(panel.getByRole('heading', { name: 'Three workers' })).toBeVisible()
  await expect(panel.getByRole('paragraph').filter({ hasText: /Press Start|Then think/ })).toHaveCount(2)
  await panel.getByRole('button', { name: 'Skewed' }).click()
  await expect(student.getByRole('textbox', { name: 'Dirichlet α' })).toHaveValue('0.2')
  await expect(student).toHaveURL(/[?&]alpha=0\.2/)
  await student.reload()
  await expect(panel.getByRole('button', { name: 'Skewed' })).toHaveAttribute('aria-pressed', 'true')
  await panel.getByRole('button', { name: 'Start this run' }).click()
  await expect(panel.getByRole('button', { name: /Skewed \(tried\)/ })).toBeVisible({ timeout: 120_000 })
  await elsewhere.close()
})
