// How soon the dashboard can be used, and how it keeps up with a long run of many workers:
// npx tsx scripts/dashboard-bench.mts [--workers 32] [--steps 10000] [--seconds 15]
// [--smoothing off|moderate|strong]
// It replays a made-up run of that size from four fifths on, in the built lab, and prints what each view takes; then it trains so many
// simulated workers in the page, and prints the same of their charts.
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { CDPSession, Page } from 'playwright'
import { launchChromium } from '../src/cli/chromium.ts'
import { startServer } from '../src/cli/server/index.ts'
import { type LabAutomation, metricHeader, metricLines } from '../src/cluster/index.ts'
import { type MetricEvent, parseRunConfig } from '../src/engine/index.ts'

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '32' },
    steps: { type: 'string', default: '10000' },
    /** for each view */
    seconds: { type: 'string', default: '15' },
    /** of the lines in the charts */
    smoothing: { type: 'string', default: 'off' },
  },
})
const [workers, steps, seconds] = [values.workers, values.steps, values.seconds].map(Number)

const EVALUATE_EVERY = 100
const SECONDS_PER_STEP = 0.05
const CLASSES = 10
const MODEL_BYTES = 266_920
const WARM_UP_MS = 2_000

const server = await startServer()
const browser = await launchChromium()
try {
  const page = await browser.newPage({ baseURL: server.url, viewport: { width: 1440, height: 900 } })
  const session = await page.context().newCDPSession(page)
  await page.addInitScript(() => {
    const watched = globalThis as unknown as Watched
    watched.longTasks = []
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) watched.longTasks.push(duration)
    }).observe({ type: 'longtask' })
  })
  const openMs = await timed(async () => {
    await page.goto('/')
    await page.getByRole('button', { name: 'Start', exact: true }).click({ trial: true })
  })
  print('until Start can be pressed', { seconds: openMs / 1_000 })
  await page.getByRole('tab', { name: 'Runs' }).click()
  const file = gzipSync(metricsFile(), { level: 1 })
  const importMs = await timed(async () => {
    await page.locator('input[type=file]').setInputFiles({ name: 'metrics.jsonl.gz', mimeType: 'application/gzip', buffer: file })
    await page.getByRole('region', { name: 'Recording' }).waitFor({ timeout: 300_000 })
  })
  const jumps = await measured(page, () => jumpTo(page, 0.8))
  print('opening the file', { seconds: importMs / 1_000 })
  print('jump back to 80 %', { longestTaskMs: jumps.longestTaskMs })
  await page.getByRole('combobox', { name: /^Smoothing/ }).selectOption(values.smoothing)
  await page.getByRole('button', { name: 'Play' }).click()
  for (const view of ['Charts', 'Predictions', 'Workers', 'Class', 'Runs', 'Method']) {
    await page.getByRole('tab', { name: view, exact: true }).click()
    await page.waitForTimeout(WARM_UP_MS)
    const figures = await measured(page, () => page.waitForTimeout(seconds * 1_000))
    print(view, { ...figures, memoryMB: await memory(session) })
  }
  await startTraining(page)
  await page.waitForTimeout(WARM_UP_MS)
  print('Charts of a live run', await measured(page, () => page.waitForTimeout(seconds * 1_000)))
  console.log(`load ${loadavg()[0].toFixed(1)} on ${cpus().length} cores (${cpus()[0].model}), Chromium ${browser.version()}`)
} finally {
  await browser.close()
  await server.close()
}
// The signalling server's own timers would keep the process.
process.exit()

interface Watched {
  longTasks: number[]
}

function print(name: string, figures: Record<string, number>): void {
  const shown = Object.entries(figures).map(([key, value]) => `${key} ${value.toFixed(1)}`)
  console.log(`${name}: ${shown.join(', ')}`)
}

async function timed(action: () => Promise<void>): Promise<number> {
  const startMs = performance.now()
  await action()
  return performance.now() - startMs
}

/** Tasks of more than 50 ms while it goes on, and how often what is on screen changes. */
async function measured(page: Page, action: () => Promise<void>) {
  const drawn = await page.evaluateHandle(() => {
    ;(globalThis as unknown as Watched).longTasks = []
    // All that a task changes is told at once.
    const drawn = { updates: 0 }
    new MutationObserver(() => drawn.updates++).observe(document.querySelector('main') as Element, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    })
    return drawn
  })
  const ms = await timed(action)
  // The last long task is told after it.
  await page.waitForTimeout(100)
  const { updates } = await drawn.jsonValue()
  const longTasks = await page.evaluate(() => (globalThis as unknown as Watched).longTasks)
  return { changesPerSecond: (1_000 * updates) / ms, longTasks: longTasks.length, longestTaskMs: Math.max(0, ...longTasks) }
}

async function jumpTo(page: Page, fraction: number): Promise<void> {
  const slider = page.getByRole('slider', { name: 'Place in the recording' })
  await slider.fill(String(Math.round(fraction * Number(await slider.getAttribute('max')))))
}

/** Tiny steps of simulated workers, so that there is much to draw. */
async function startTraining(page: Page): Promise<void> {
  const query = new URLSearchParams({
    simulated: 'true',
    workers: String(workers),
    batchSize: '1',
    steps: String(steps),
    evaluateEvery: '5',
  })
  await page.goto(`/?${query}&backend=simd&trainImages=${workers * 10}&testImages=10`)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await page.waitForFunction(() => (globalThis as unknown as { lab?: LabAutomation }).lab?.state().run?.phase === 'running')
}

/** Megabytes of the page after a garbage collection: JavaScript, typed arrays, document. Its workers have memory of their own. */
async function memory(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize, embedderHeapUsedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage')
  return (usedSize + embedderHeapUsedSize + backingStorageSize) / 1e6
}

function metricsFile(): string {
  const config = parseRunConfig({ workers, steps, evaluateEvery: EVALUATE_EVERY, algorithm: { id: 'd-sum' } })
  const header = metricHeader({ run: 'dashboard-bench', simulated: true, config })
  const events: MetricEvent[] = []
  for (let step = 1; step <= steps; step++)
    for (let rank = 0; rank < workers; rank++) {
      events.push(stepEvent(rank, step))
      if (step % EVALUATE_EVERY === 0) events.push(evaluationEvent(rank, step))
    }
  return metricLines(header, events)
}

/** Neither smooth nor the same for two workers. */
function wave(rank: number, step: number): number {
  return Math.sin(step * (1 + rank / 7)) * Math.cos(step / (3 + rank))
}

function common(rank: number, step: number) {
  return {
    rank,
    step,
    epoch: step / 90,
    payloadBytes: 2 * step * MODEL_BYTES,
    framingBytes: 80 * step,
    seconds: step * SECONDS_PER_STEP + rank / 10_000,
  }
}

function stepEvent(rank: number, step: number): MetricEvent {
  const payload = 2 * step * MODEL_BYTES
  return {
    type: 'step',
    ...common(rank, step),
    loss: 0.4 + 2 * Math.exp(-step / 2_000) + 0.3 * wave(rank, step),
    learningRate: 0.05,
    computeMs: 30 + 5 * wave(rank, step),
    exchangeMs: 12,
    encodeMs: 4,
    sendMs: 1,
    waitMs: 7,
    payloadByKind: { model: payload, momentum: 0, tracker: 0, gradient: 0, residual: 0, state: 0 },
  }
}

function evaluationEvent(rank: number, step: number): MetricEvent {
  const accuracy = 0.8 - 0.7 * Math.exp(-step / 2_500) + 0.05 * wave(rank, step)
  return {
    type: 'evaluation',
    ...common(rank, step),
    accuracy,
    loss: 1 - accuracy,
    averagedAccuracy: 0.85 - 0.7 * Math.exp(-step / 2_500),
    averagedLoss: 0.3,
    classAccuracy: Array.from({ length: CLASSES }, (_, c) => Math.min(1, Math.max(0, accuracy + 0.1 * wave(c, step)))),
    averagedClassAccuracy: Array.from({ length: CLASSES }, (_, c) => Math.min(1, Math.max(0, 0.8 + 0.1 * wave(c, step)))),
    consensusDistance: 2 / Math.sqrt(step),
    drift: 0.5 + 0.3 * wave(rank, step),
    trackerError: null,
  }
}
