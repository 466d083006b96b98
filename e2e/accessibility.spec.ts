import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, quickRun, test } from './lab-fixture.ts'

/** What axe finds on the page as it is, as far as it keeps somebody from using it; in light and in dark colors. */
async function violations(page: Page): Promise<string[]> {
  const found: string[] = []
  // A color on its way to another one is neither.
  await page.addStyleTag({ content: '*, ::before, ::after { transition: none !important; animation: none !important }' })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.waitForFunction(
      (scheme) => [undefined, scheme].includes(document.documentElement.dataset.mantineColorScheme),
      colorScheme as string,
    )
    const { violations } = await new AxeBuilder({ page }).analyze()
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical')
        found.push(...nodes.map(({ html, target }) => `${colorScheme}: ${id} (${impact}) at ${target}: ${html.slice(0, 200)}`))
  }
  return found
}

test('axe finds nothing serious on the dashboard, before a run, with one in every view, and in its menus', async ({ openTabs }) => {
  const [tab] = await openTabs(1)
  const { page } = tab
  expect(await violations(page)).toEqual([])
  await tab.start({ ...quickRun, workers: 3 }, { simulated: true })
  await tab.waitForPhase('finished')
  for (const view of await page.getByRole('tab').all()) {
    await view.click()
    await expect(page.getByRole('tabpanel')).toBeVisible()
    expect.soft(await violations(page), (await view.textContent()) ?? undefined).toEqual([])
  }
  for (const name of ['Lessons', 'Export', 'Log']) {
    await page.getByRole('button', { name, exact: true }).click()
    expect.soft(await violations(page), name).toEqual([])
    await page.keyboard.press('Escape')
  }
})

test('axe finds nothing serious in a lesson, on a phone, on the quadratic and on the verification page', async ({ openTabs, server }) => {
  const [tab] = await openTabs(1, '?lesson=momentum-heavy-ball-nesterov-and-between&step=2')
  const { page } = tab
  expect.soft(await violations(page), 'lesson').toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  for (const area of ['Run', 'Views', 'Swarm']) {
    await page.getByRole('navigation').getByRole('button', { name: area }).click()
    expect.soft(await violations(page), `phone: ${area}`).toEqual([])
  }
  for (const name of ['quadratic.html', 'verify.html']) {
    await page.goto(new URL(name, server.url).href)
    await page.waitForLoadState('networkidle')
    expect.soft(await violations(page), name).toEqual([])
  }
})
