import { expect, quickRun, type Tab, test } from './lab-fixture.ts'

const classOf = ({ page }: Tab) => page.getByRole('list', { name: 'Tabs of the class' })
const tileOf = (tab: Tab, name: string) =>
  classOf(tab)
    .getByRole('listitem')
    .filter({ has: tab.page.getByText(name, { exact: true }) })
const button = ({ page }: Tab, name: string) => page.getByRole('button', { name, exact: true })
/** The host chooses something from the menu of a tab's tile, and says yes. */
async function order(host: Tab, name: string, item: string, title: string, yes: string): Promise<void> {
  await button(host, `Manage ${name}`).click()
  await host.page.getByRole('menuitem', { name: item }).click()
  await host.page.getByRole('dialog', { name: title }).getByRole('button', { name: yes }).click()
}
const makeHost = (host: Tab, name: string) => order(host, name, 'Make host…', `Make ${name} host?`, 'Make host')

test('a teacher steers four students: locks, starts, pauses, hands over and gets it back, removes one, assigns the ranks, starts again, and reloads', async ({
  openTabs,
}) => {
  const query = new URLSearchParams({
    trainImages: '600',
    testImages: '50',
    steps: '2000',
    batchSize: '8',
    evaluateEvery: '0',
    learningRate: '0.02',
  })
  const [teacher, ...students] = await openTabs(5, `?${query}&algorithm.localSteps=2`)
  const [second, third, fourth, fifth] = students
  for (const tab of [teacher, second, fourth]) await tab.page.getByRole('tab', { name: 'Class' }).click()
  await expect(classOf(teacher).getByRole('listitem')).toHaveCount(5)
  await expect(tileOf(second, 'Tab 2')).toContainText('you')
  await expect(tileOf(second, 'Tab 1')).toContainText('host')
  await expect(second.page.getByText('You are Tab 2: rank 1, one of 5 workers.')).toBeVisible()

  await button(teacher, 'Lock room').last().click()
  await expect(second.page.getByText(/^The teacher steers this room: only Tab 1/)).toBeVisible()
  for (const name of ['Start', 'Pause', 'Step', 'Stop']) await expect(button(second, name)).toHaveCount(0)
  for (const name of ['Start', 'Pause', 'Step', 'Stop']) await expect(button(third, name)).toBeDisabled()
  await expect(button(second, 'Assign ranks')).toHaveCount(0)
  await expect(second.page.getByRole('button', { name: /^Manage / })).toHaveCount(0)
  await expect(second.start(quickRun)).rejects.toThrow('The room is locked: only its host (Tab 1) can start, pause or stop runs.')

  await button(teacher, 'Start').click()
  await teacher.waitForStep(2)
  await button(teacher, 'Pause').click()
  for (const tab of [teacher, second]) await tab.waitForPhase('paused')
  const paused = (await teacher.state()).run?.step ?? 0

  // Another tab is host for a step of the run, which the teacher's still coordinates.
  await makeHost(teacher, 'Tab 2')
  await expect(tileOf(fourth, 'Tab 2')).toContainText('host')
  await expect(tileOf(fourth, 'Tab 1')).not.toContainText('host')
  await expect(button(teacher, 'Step')).toHaveCount(0)
  await button(second, 'Step').click()
  await expect.poll(async () => (await second.state()).run).toMatchObject({ phase: 'paused', step: paused + 2 })
  await expect(tileOf(second, 'Tab 2')).toContainText(`step ${paused + 2} of 2,000`)
  await expect(tileOf(second, 'Tab 2').getByRole('img', { name: /^Pictures of Tab 2: \w+ \(\d+\)/ })).toBeVisible()
  await expect(second.page.getByText(/Your pictures are mostly \w+/)).toBeVisible()

  await makeHost(second, 'Tab 1')
  await expect(button(second, 'Step')).toHaveCount(0)

  // The run goes on without the one that is sent away, also while it is paused.
  await order(teacher, 'Tab 3', 'Remove…', 'Remove Tab 3?', 'Remove')
  const told = third.page.getByRole('dialog', { name: 'The host has removed this tab from the room' })
  await expect(told).toBeVisible()
  await expect(tileOf(second, 'Tab 3')).toContainText('gone')
  for (const tab of [teacher, second, fourth, fifth]) await expect.poll(() => tab.memberCount()).toBe(4)
  expect((await third.state()).run).toMatchObject({ phase: 'stopped', message: 'This tab has left the room.' })
  await button(teacher, 'Resume').click()
  for (const tab of [teacher, second, fourth, fifth]) await tab.waitForStep(paused + 8)
  const views = (await second.metrics()).filter((event) => event.type === 'view')
  expect(views[0]).toMatchObject({ members: 4, message: expect.stringContaining('Tab 3 is gone: the host has removed it.') })

  await button(teacher, 'Stop').click()
  for (const tab of [teacher, second, fourth, fifth]) await tab.waitForPhase('stopped')

  // It comes back as a newcomer, and everybody sees the ranks of the next run.
  expect((await third.state()).room.members).toHaveLength(1)
  await told.getByRole('button', { name: 'Come back in as a new visitor' }).click()
  for (const tab of [teacher, third]) await expect.poll(() => tab.memberCount()).toBe(5)
  await button(teacher, 'Assign ranks').click()
  await teacher.page.getByRole('checkbox', { name: 'Tab 1 trains in the next run' }).uncheck()
  const up = button(teacher, 'Move Tab 5 up')
  await up.click()
  await up.press('ArrowUp')
  await up.press('Enter')
  await expect(up).toBeFocused()
  await expect(teacher.page.getByText('Tab 5 is rank 0 in the next run.')).toBeAttached()
  await button(teacher, 'Done').click()
  await expect(tileOf(second, 'Tab 5')).toContainText('rank 0 in the next run')
  await expect(tileOf(second, 'Tab 1')).toContainText('sits out the next run')
  await teacher.page.getByRole('textbox', { name: 'Steps per worker' }).fill('12')
  await button(teacher, 'Start').click()
  for (const tab of [teacher, ...students]) await tab.waitForPhase('finished')
  expect(await teacher.summary()).toMatchObject({ status: 'finished', config: { workers: 4, steps: 12 } })
  for (const student of students) expect((await student.summary())?.parametersSha256).toBe((await teacher.summary())?.parametersSha256)
  const { members } = (await teacher.state()).room
  expect(members.map(({ name }) => name)).toEqual(['Tab 1', 'Tab 2', 'Tab 4', 'Tab 5', 'Tab 3'])
  await expect(classOf(second).getByRole('listitem').locator('.tile-name')).toHaveText(['Tab 5', 'Tab 2', 'Tab 4', 'Tab 3', 'Tab 1'])
  await expect(tileOf(second, 'Tab 1')).toContainText('watching')
  await expect(tileOf(second, 'Tab 2')).toContainText(/\d\.\d % right/)

  // A page that is loaded anew comes last, but is host again, and the room is locked as before.
  await teacher.page.reload()
  await expect.poll(async () => (await second.state()).room.members.map(({ host }) => host)).toEqual([false, false, false, false, true])
  await expect(tileOf(second, 'Tab 1')).toContainText('host')
  await expect(second.page.getByText(/^The teacher steers this room: only Tab 1/)).toBeVisible()
  await expect.poll(() => teacher.memberCount()).toBe(5)
})
