import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright'
import type { AutomationState, LabAutomation, RunSummary } from '../../cluster/index.ts'
import type { MetricEvent, RunConfig } from '../../engine/index.ts'
import { launchChromium } from '../chromium.ts'
import type { RunProgress } from '../run-progress.ts'
import { startServer } from '../server/index.ts'

const POLL_MS = 250
const MEETING_LIMIT_MS = 60_000
/** The charts follow the last metrics within this time. */
const DRAWING_MS = 2_500
const DASHBOARD = { width: 1440, height: 900 }

/** The run in the tabs failed. */
export class TabRunError extends Error {
  readonly kind = 'tabs'
}

export interface TabRun {
  summary: RunSummary
  events: MetricEvent[]
  /** PNG of the dashboard at the end */
  dashboard: Uint8Array
}

/** Opens config.workers tabs in a room of their own, trains, and brings back what they report. @throws TabRunError; the signal's reason, before training */
export async function runInTabs(config: RunConfig, progress: RunProgress, signal: AbortSignal): Promise<TabRun> {
  const server = await startServer()
  // A run that is interrupted brings back what it has.
  const browser = await launchChromium({ outlivesSignals: true })
  try {
    const context = await browser.newContext({ viewport: DASHBOARD })
    const address = `${server.url}#room=run-${randomUUID().slice(0, 8)}`
    const pages: Page[] = []
    for (let rank = 0; rank < config.workers; rank++) {
      signal.throwIfAborted()
      progress.prepare(`tabs, ${rank} of ${config.workers} open`, rank / config.workers)
      const page = await context.newPage()
      await page.goto(address)
      pages.push(page)
      await waitForMembers(page, rank + 1)
    }
    const [first] = pages
    for (const page of pages) await waitForMembers(page, config.workers)
    await first.evaluate((config) => (globalThis as unknown as { lab: LabAutomation }).lab.start(config), config)
    const events = await follow(first, progress, signal)
    const summary = await first.evaluate(() => (globalThis as unknown as { lab: LabAutomation }).lab.summary())
    if (!summary) throw new TabRunError('the tabs have no run to report')
    await first.bringToFront()
    await first.waitForTimeout(DRAWING_MS)
    return { summary, events, dashboard: await first.screenshot() }
  } finally {
    await browser.close()
    await server.close()
  }
}

async function waitForMembers(page: Page, count: number): Promise<void> {
  const deadlineMs = performance.now() + MEETING_LIMIT_MS
  for (;;) {
    const state = await stateOf(page)
    // A tab that still looks for its room has only itself in it, and cannot start.
    const there = state?.room.phase === 'open' ? state.room.members.filter((member) => member.link === 'open').length : 0
    if (there >= count) return
    if (performance.now() > deadlineMs)
      throw new TabRunError(
        `only ${there} of ${count} tabs found each other within ${MEETING_LIMIT_MS / 1000} s${state?.room.message ? `: ${state.room.message}` : ''}`,
      )
    await page.waitForTimeout(POLL_MS)
  }
}

/** Follows the run to its end. @throws TabRunError when it fails */
async function follow(page: Page, progress: RunProgress, signal: AbortSignal): Promise<MetricEvent[]> {
  const events: MetricEvent[] = []
  let stopping = false
  for (;;) {
    const state = await stateOf(page)
    const news = await page.evaluate((from) => (globalThis as unknown as { lab: LabAutomation }).lab.metrics(from), events.length)
    for (const event of news) progress.event(event)
    events.push(...news)
    const phase = state?.run?.phase
    if (phase === 'failed') throw new TabRunError(state?.run?.message ?? 'the run failed')
    if (phase === 'finished' || phase === 'stopped') return events
    if (signal.aborted && !stopping) {
      stopping = true
      await page.evaluate(() => (globalThis as unknown as { lab: LabAutomation }).lab.stop())
    }
    await page.waitForTimeout(POLL_MS)
  }
}

function stateOf(page: Page): Promise<AutomationState | undefined> {
  return page.evaluate(() => (globalThis as unknown as { lab?: LabAutomation }).lab?.state())
}
