import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright'
import { startServer } from '../server/index.ts'
import { makeReady } from '../set-up.ts'
import { type BenchPort, createBenchPort } from './page/port.ts'

/** Where engines are measured. */
export interface BenchHost {
  /** for the user */
  where: string
  /** A port of its own: in Chromium a page with nothing cached. */
  open(): Promise<OpenPort>
  close(): Promise<void>
}

/** Nothing could be measured, or a page failed. */
export class BenchError extends Error {
  readonly kind = 'bench'
}

export interface OpenPort {
  port: BenchPort
  close(): Promise<void>
}

/** This process. */
export function nodeHost(): BenchHost {
  return {
    where: `Node ${process.versions.node}`,
    open: async () => ({ port: createBenchPort(), close: async () => {} }),
    close: async () => {},
  }
}

/** Headless Chromium over a page that is built now, as the lab's own pages are. */
export async function chromiumHost(): Promise<BenchHost> {
  // Slow to load, and not needed in Node.
  const { launchChromium } = await import('../chromium.ts')
  // Its page is built by the bench itself.
  await makeReady({ chromium: true })
  const folder = await mkdtemp(path.join(tmpdir(), 'tabswarm-bench-'))
  // Ctrl-C ends the process by way of Playwright, which leaves no other moment.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const closing: (() => Promise<void>)[] = []
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step()
  }
  try {
    await buildPage(folder)
    const server = await startServer({ built: folder })
    closing.push(() => server.close())
    const browser = await launchChromium()
    closing.push(() => browser.close())
    return { where: `headless Chromium ${browser.version()}`, open: () => openPage(browser, server.url), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function buildPage(folder: string): Promise<void> {
  const { build } = await import('vite')
  await build({
    configFile: false,
    root: path.join(import.meta.dirname, 'page'),
    base: './',
    publicDir: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { target: 'es2023', outDir: folder, emptyOutDir: true, chunkSizeWarningLimit: 4_000 },
  })
}

async function openPage(browser: Browser, url: string): Promise<OpenPort> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(url)
  await page.waitForFunction(() => 'bench' in globalThis)
  return { port: portOf(page), close: () => context.close() }
}

interface BenchPage {
  bench: BenchPort
}

function portOf(page: Page): BenchPort {
  return {
    open: (...given) => inPage(page.evaluate((given) => (globalThis as unknown as BenchPage).bench.open(...given), given)),
    train: (...given) => inPage(page.evaluate((given) => (globalThis as unknown as BenchPage).bench.train(...given), given)),
    profile: (...given) => inPage(page.evaluate((given) => (globalThis as unknown as BenchPage).bench.profile(...given), given)),
  }
}

/** An error of the page as one of ours, without Playwright's preface and the page's stack. */
async function inPage<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    const [line] = String(cause instanceof Error ? cause.message : cause).split('\n')
    throw new BenchError(line.replace(/^page\.evaluate: (\w*Error: )?/, ''), { cause })
  }
}
