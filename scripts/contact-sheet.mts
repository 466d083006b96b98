// A picture of every page of the built lab in three sizes, light and dark, and one page that shows them all:
// npx tsx scripts/contact-sheet.mts [FOLDER] [--only NAME]... [--whole]
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright'
import { lessons } from '../src/app/lessons/library/index.ts'
import { launchChromium } from '../src/cli/chromium.ts'
import { startServer } from '../src/cli/server/index.ts'
import type { LabAutomation } from '../src/cluster/index.ts'

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
]
const schemes = ['light', 'dark'] as const
/** Drawings follow a change of size after so long. */
const SETTLE_MS = 350
/** With --whole: higher than any page. */
const MOST_HEIGHT = 6_000

/** Small, but with all that a run can show: lopsided shards, trackers, several evaluations. */
const run = new URLSearchParams({
  simulated: 'true',
  workers: '5',
  backend: 'simd',
  'algorithm.id': 'gt-dsum',
  alpha: '0.3',
  steps: '60',
  trainImages: '800',
  testImages: '200',
  batchSize: '8',
  evaluateEvery: '10',
  learningRate: '0.02',
})

interface Shot {
  name: string
  open(page: Page): Promise<unknown>
  /** what to choose where the window has room for one part of the dashboard only */
  area?: 'Run' | 'Views' | 'Swarm'
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', multiple: true },
    // windows as high as what they show, so that nothing is left to scroll to
    whole: { type: 'boolean' },
  },
})
const folder = path.resolve(positionals[0] ?? path.join(tmpdir(), 'tabswarm-contact-sheet'))
const shots = chosenShots()

const server = await startServer()
const browser = await launchChromium()
try {
  await mkdir(folder, { recursive: true })
  const page = await browser.newPage({ baseURL: server.url })
  for (const shot of shots) {
    await shot.open(page)
    await takePictures(page, shot)
    console.error(shot.name)
  }
  await writeFile(path.join(folder, 'index.html'), sheet())
  console.log(path.join(folder, 'index.html'))
} finally {
  await browser.close()
  await server.close()
}
// The signalling server's own timers would keep the process.
process.exit()

function chosenShots(): Shot[] {
  const view = (name: string): Shot => ({ name: `view-${name.toLowerCase()}`, open: (page) => openView(page, name), area: 'Views' })
  const all: Shot[] = [
    { name: 'idle', open: (page) => openDashboard(page, '') },
    { name: 'idle-views', open: (page) => openDashboard(page, ''), area: 'Views' },
    { name: 'idle-swarm', open: (page) => openDashboard(page, ''), area: 'Swarm' },
    ...lessons.map(({ id }, i): Shot => ({ name: `lesson-${i + 1}-${id}`, open: (page) => openDashboard(page, `?lesson=${id}`) })),
    { name: 'composer', open: openComposer },
    { name: 'quadratic', open: openQuadratic },
    ...['Charts', 'Predictions', 'Workers', 'Class', 'Runs', 'Method'].map(view),
    { name: 'swarm', open: (page) => openView(page, 'Charts'), area: 'Swarm' },
    { name: 'replay', open: openReplay, area: 'Views' },
  ]
  const { only } = values
  const unknown = only?.find((name) => !all.some((shot) => shot.name === name))
  if (unknown) throw new Error(`--only: got ${JSON.stringify(unknown)}; allowed: ${all.map(({ name }) => name).join(', ')}`)
  return only ? all.filter(({ name }) => only.includes(name)) : all
}

/** A fresh page of the dashboard that is in its room. */
async function openDashboard(page: Page, query: string): Promise<void> {
  // An address that differs in nothing, or in its fragment, would load no page.
  await page.goto('about:blank')
  await page.goto(`/${query}`)
  await page.waitForFunction(() => (globalThis as unknown as { lab?: LabAutomation }).lab?.state().room.phase === 'open')
}

async function openComposer(page: Page): Promise<void> {
  await page.setViewportSize(sizes[0])
  await openDashboard(page, '')
  await page.getByRole('button', { name: 'Lessons' }).click()
  await page.getByRole('menuitem', { name: 'Share as lesson…' }).click()
  await page.getByRole('button', { name: 'Add the form as a step' }).click()
}

async function openQuadratic(page: Page): Promise<void> {
  await page.goto('/quadratic.html')
  await page.getByText('Computing …').first().waitFor({ state: 'hidden' })
}

/** A view of a finished run: it is trained when it is first asked for. */
async function openView(page: Page, name: string): Promise<void> {
  await page.setViewportSize(sizes[0])
  if (!page.url().includes(run.get('algorithm.id') as string)) {
    await openDashboard(page, `?${run}`)
    await page.evaluate(() => (globalThis as unknown as { lab: LabAutomation }).lab.start())
    await page.waitForFunction(() => (globalThis as unknown as { lab: LabAutomation }).lab.state().run?.phase === 'finished', null, {
      timeout: 300_000,
    })
  }
  await page.getByRole('tab', { name, exact: true }).click()
}

async function openReplay(page: Page): Promise<void> {
  await openView(page, 'Runs')
  await page
    .getByRole('button', { name: /^Replay/ })
    .first()
    .click()
  for (let press = 0; press < 80; press++) await page.keyboard.press('ArrowLeft')
}

async function takePictures(page: Page, { name, area = 'Run' }: Shot): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size)
    const choose = page.getByRole('navigation', { name: 'Parts of the dashboard' }).getByRole('button', { name: area })
    if (await choose.isVisible()) await choose.click()
    if (values.whole) await page.setViewportSize({ ...size, height: size.height + (await hiddenHeight(page)) })
    await page.mouse.move(0, 0)
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.waitForTimeout(SETTLE_MS)
      await page.screenshot({ path: path.join(folder, fileOf(name, size.width, colorScheme)) })
    }
  }
}

/** How many pixels of the page, or of its tallest column, are below the window. */
function hiddenHeight(page: Page): Promise<number> {
  return page.evaluate((most) => {
    const scrolling = [document.documentElement, ...document.querySelectorAll('main, .column')]
    return Math.min(most, Math.max(...scrolling.map((element) => element.scrollHeight - element.clientHeight)))
  }, MOST_HEIGHT)
}

function fileOf(name: string, width: number, scheme: string): string {
  return `${name}-${width}-${scheme}.png`
}

function sheet(): string {
  const picture = (name: string, width: number, scheme: string) => {
    const file = fileOf(name, width, scheme)
    return `<a href="${file}"><figure><img loading="lazy" src="${file}" alt=""><figcaption>${width}, ${scheme}</figcaption></figure></a>`
  }
  const row = ({ name }: Shot) =>
    `<h2>${name}</h2><div>${sizes.flatMap(({ width }) => schemes.map((scheme) => picture(name, width, scheme))).join('')}</div>`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Tabswarm, contact sheet</title>
<style>
  body { margin: 16px; background: #777; color: #fff; font: 13px system-ui }
  div { display: flex; flex-wrap: wrap; gap: 10px }
  a { color: inherit }
  figure { margin: 0 }
  img { height: 300px }
</style>
<h1>Tabswarm, ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC</h1>
${shots.map(row).join('\n')}
</html>
`
}
