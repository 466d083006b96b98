import { readFile } from 'node:fs/promises'
import { expect, quickRun, test } from './lab-fixture.ts'

test('tabs of one address find each other, train together, and every dashboard shows all workers', async ({ openTabs }) => {
  const tabs = await openTabs(3)
  const [first, , last] = tabs
  expect((await first.state()).room.members.map((member) => member.host)).toEqual([true, false, false])

  // Any tab may ask; here one that is not host.
  await last.start({ ...quickRun, topology: 'chain' })
  for (const tab of tabs) await tab.waitForPhase('finished')

  const summaries = await Promise.all(tabs.map((tab) => tab.summary()))
  for (const summary of summaries) {
    expect(summary).toMatchObject({ schema: 'tabswarm/summary/1', status: 'finished', steps: 30 })
    expect(summary?.workers).toHaveLength(3)
    expect(summary?.accuracy).toEqual(summaries[0]?.accuracy)
    expect(summary?.parametersSha256).toBe(summaries[0]?.parametersSha256)
  }
  // A chain of three has four directed links; the algorithm sends the model over each once a step.
  expect(summaries[0]?.sentBytes.payload).toBe(4 * 30 * 66_730 * 4)
  for (const tab of tabs) {
    const steps = (await tab.metrics()).filter((event) => event.type === 'step')
    for (const rank of [0, 1, 2]) expect(steps.filter((event) => event.rank === rank)).toHaveLength(30)
  }

  // Pictures and predictions stay in their tab: each shows those of its own worker only.
  const own = await Promise.all(
    tabs.map(async ({ page }) => {
      await page.getByRole('tab', { name: 'Predictions' }).click()
      await expect(page.getByLabel('Whose predictions')).toHaveCount(0)
      return page.getByRole('heading', { name: /^Pictures of / }).textContent()
    }),
  )
  expect(new Set(own).size).toBe(3)
})

test('pause, step one round, resume and stop work from any tab', async ({ openTabs }) => {
  const [first, second] = await openTabs(2)
  await first.start({ ...quickRun, steps: 2_000, evaluateEvery: 0, algorithm: { id: 'd-sum', localSteps: 4 } })
  await second.waitForStep(4)
  await second.call('pause')
  await first.waitForPhase('paused')
  const paused = (await first.state()).run?.step ?? 0
  expect(paused % 4).toBe(0)
  await second.call('stepRound')
  await first.waitForStep(paused + 4)
  await first.waitForPhase('paused')
  expect((await first.state()).run?.step).toBe(paused + 4)
  await first.call('resume')
  await second.waitForStep(paused + 12)
  await second.call('stop')
  await first.waitForPhase('stopped')
  await second.waitForPhase('stopped')
  // The room is ready for the next run.
  await first.start({ ...quickRun, steps: 5 })
  await second.waitForPhase('finished')
})

test('a newcomer uses the form: errors beside the field, the address carries the configuration, export gives the run', async ({
  openTabs,
}) => {
  const [tab] = await openTabs(1, '?steps=12&batchSize=8&trainImages=300&testImages=50&evaluateEvery=6')
  const { page } = tab
  const alpha = page.getByRole('textbox', { name: 'Dirichlet α' })
  await alpha.fill('-1')
  await expect(page.getByText(/got -1/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Start' }).first()).toBeDisabled()
  await alpha.fill('0.3')
  await expect(page).toHaveURL(/alpha=0\.3/)
  await page.getByRole('button', { name: 'Start' }).first().click()
  await tab.waitForPhase('finished')

  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('JSON Lines').click()])
  const lines = (await readFile(await download.path(), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines[0]).toMatchObject({ type: 'header', schema: 'tabswarm/metrics/1', config: { alpha: 0.3, steps: 12 } })
  expect(lines.filter((line) => line.type === 'step')).toHaveLength(12)
})
