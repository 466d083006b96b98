import { expect, quickRun, test } from './lab-fixture.ts'

test('a tab that is closed during a run does not stop the others, who say what happened', async ({ openTabs }) => {
  const tabs = await openTabs(4)
  const [host, second, , last] = tabs
  await host.start({ ...quickRun, steps: 60, topology: 'ring' })
  await host.waitForStep(5)
  await last.page.close()
  tabs.pop()
  await expect.poll(() => host.memberCount(), { timeout: 10_000 }).toBe(3)
  await host.waitForPhase('finished')
  await second.waitForPhase('finished')
  const events = await host.metrics()
  const views = events.filter((event) => event.type === 'view')
  expect(views.length).toBeGreaterThan(0)
  expect(views[0]).toMatchObject({ members: 3 })
  expect(await second.summary()).toMatchObject({ status: 'finished', steps: 60 })
  expect((await second.summary())?.parametersSha256).toBe((await host.summary())?.parametersSha256)
})

test('when the host is closed, another tab takes over and the run goes on', async ({ openTabs }) => {
  const tabs = await openTabs(3)
  const [host, second, third] = tabs
  await host.start({ ...quickRun, steps: 60, algorithm: { id: 'dmsgd' } })
  await second.waitForStep(5)
  await host.page.close()
  tabs.shift()
  await second.waitForPhase('finished')
  await third.waitForPhase('finished')
  expect((await third.summary())?.parametersSha256).toBe((await second.summary())?.parametersSha256)
  expect((await second.state()).room.members.map((member) => member.host)).toEqual([true, false])
})
