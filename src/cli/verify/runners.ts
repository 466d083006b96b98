import path from 'node:path'
import { type CaseResult, type HandedCase, type VerifyPort, verifyModelCase, verifyTrajectory } from '../../cluster/index.ts'
import { chooseBackend, openBackend, type RunConfig } from '../../engine/index.ts'
import { startServer } from '../server/index.ts'
import { makeReady } from '../set-up.ts'
import { type CaseFile, readModelCase } from './cases.ts'

/** Runs cases on one backend. */
export interface CaseRunner {
  /** what computes, for the user */
  reason: string
  run(found: CaseFile): Promise<CaseResult>
  close(): Promise<void>
}

/** WebGPU and WebGL run in headless Chromium, which is there on every machine; the others run here. */
export function openCaseRunner(backend: RunConfig['backend']): Promise<CaseRunner> {
  return ['wgsl', 'webgpu', 'webgl'].includes(backend) ? inChromium(backend) : inNode(backend)
}

async function inNode(name: RunConfig['backend']): Promise<CaseRunner> {
  const backend = await openBackend(await chooseBackend(name))
  return {
    reason: backend.choice.reason,
    run: async (found) =>
      found.kind === 'trajectory' ? verifyTrajectory(found.json, backend) : verifyModelCase(await readModelCase(found.folder), backend),
    close: async () => {},
  }
}

async function inChromium(name: RunConfig['backend']): Promise<CaseRunner> {
  // Playwright is slow to load, and the backends of Node do without it.
  const { launchChromium } = await import('../chromium.ts')
  await makeReady({ chromium: true, build: true })
  const server = await startServer()
  const browser = await launchChromium()
  const page = await browser.newPage()
  const close = async () => {
    await browser.close()
    await server.close()
  }
  try {
    await page.goto(`${server.url}verify.html`)
    await page.waitForFunction(() => 'verify' in globalThis)
    const reason = await page.evaluate((backend) => (globalThis as unknown as { verify: VerifyPort }).verify.open(backend), name)
    let cases = 0
    const hand = async (found: CaseFile): Promise<HandedCase> => {
      if (found.kind === 'trajectory') return { kind: 'trajectory', json: found.json }
      const folder = `${server.url}case-${cases++}`
      await page.route(`${folder}/*`, (route) =>
        route.fulfill({ path: path.join(found.folder, path.basename(new URL(route.request().url()).pathname)) }),
      )
      return { kind: 'model', folder }
    }
    return {
      reason: `${reason}, in headless Chromium`,
      run: async (found) => {
        const handed = await hand(found)
        return page.evaluate((handed) => (globalThis as unknown as { verify: VerifyPort }).verify.run(handed), handed)
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
