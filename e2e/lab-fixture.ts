import { test as base, expect, type Page } from '@playwright/test'
import { type LabServer, startServer } from '../src/cli/server/index.ts'
import type { AutomationLink, AutomationState, LabAutomation } from '../src/cluster/index.ts'
import type { MetricEvent, RunConfigInput } from '../src/engine/index.ts'

/** A run that takes seconds. */
export const quickRun: RunConfigInput = {
  dataset: 'shapes10',
  trainImages: 600,
  testImages: 100,
  steps: 30,
  batchSize: 8,
  evaluateEvery: 10,
  learningRate: 0.02,
}

interface LabFixtures {
  server: LabServer
  /** Opens so many tabs of one room, one after the other, and waits until each sees all. */
  openTabs(count: number, query?: string): Promise<Tab[]>
}

/** A page of the lab and its automation. */
export class Tab {
  readonly problems: string[] = []

  constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.problems.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(message.text())
    })
  }

  state(): Promise<AutomationState> {
    return this.page.evaluate(() => (globalThis as unknown as { lab: LabAutomation }).lab.state())
  }

  metrics(): Promise<MetricEvent[]> {
    return this.page.evaluate(() => (globalThis as unknown as { lab: LabAutomation }).lab.metrics())
  }

  start(config: RunConfigInput, options: { simulated?: boolean } = {}): Promise<void> {
    return this.page.evaluate(([config, options]) => (globalThis as unknown as { lab: LabAutomation }).lab.start(config, options), [
      config,
      options,
    ] as const)
  }

  call(name: 'pause' | 'resume' | 'stepRound' | 'stop'): Promise<void> {
    return this.page.evaluate((name) => (globalThis as unknown as { lab: LabAutomation }).lab[name](), name)
  }

  summary(): Promise<ReturnType<LabAutomation['summary']>> {
    return this.page.evaluate(() => (globalThis as unknown as { lab: LabAutomation }).lab.summary())
  }

  links(): Promise<AutomationLink[]> {
    return this.page.evaluate(() => (globalThis as unknown as { lab: LabAutomation }).lab.links())
  }

  /** Waits until the run on this page is in that phase; a failed run fails the test with its message. */
  async waitForPhase(phase: string, timeoutMs = 120_000): Promise<void> {
    await expect
      .poll(
        async () => {
          const { run } = await this.state()
          return run?.phase === 'failed' ? `failed: ${run.message}` : run?.phase
        },
        { timeout: timeoutMs, intervals: [250] },
      )
      .toBe(phase)
  }

  async waitForStep(step: number, timeoutMs = 120_000): Promise<void> {
    await expect
      .poll(async () => (await this.state()).run?.step ?? 0, { timeout: timeoutMs, intervals: [200] })
      .toBeGreaterThanOrEqual(step)
  }

  /** members that this tab has an open link to, itself included; 0 before it is in a room */
  async memberCount(): Promise<number> {
    return this.page.evaluate(() => {
      const room = (globalThis as unknown as { lab?: LabAutomation }).lab?.state().room
      return room?.phase === 'open' ? room.members.filter((member) => member.link === 'open').length : 0
    })
  }
}

export const test = base.extend<LabFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the destructuring
  server: async ({}, use) => {
    const server = await startServer()
    await use(server)
    await server.close()
  },
  openTabs: async ({ server, context }, use) => {
    const tabs: Tab[] = []
    await use(async (count, query = '') => {
      for (let opened = 0; opened < count; opened++) {
        const tab = new Tab(await context.newPage())
        tabs.push(tab)
        await tab.page.goto(`${server.url}${query}`)
        await expect.poll(() => tab.memberCount(), { intervals: [50] }).toBe(tabs.length)
      }
      for (const tab of tabs) await expect.poll(() => tab.memberCount(), { intervals: [50] }).toBe(tabs.length)
      return tabs
    })
    for (const { problems } of tabs) expect(problems).toEqual([])
  },
})

export { expect }
