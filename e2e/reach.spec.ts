import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { BrowserContext } from '@playwright/test'
import express from 'express'
import { chromiumFlags, findChromium } from '../scripts/chromium.mjs'
import { openLan } from '../src/cli/lan/index.ts'
import { builtLabFolder } from '../src/cli/paths.ts'
import { startServer } from '../src/cli/server/index.ts'
import { expect, quickRun, Tab, test } from './lab-fixture.ts'

test.use({
  ignoreHTTPSErrors: true,
  launchOptions: {
    executablePath: findChromium() ?? undefined,
    args: [...chromiumFlags, '--host-resolver-rules=MAP lab.test 127.0.0.1'],
  },
})

/** Opens a page of the lab; it is in its room with so many members, itself included. */
async function join(context: BrowserContext, url: string, members: number): Promise<Tab> {
  const tab = new Tab(await context.newPage())
  await tab.page.goto(url)
  await expect.poll(() => tab.memberCount(), { intervals: [50] }).toBe(members)
  return tab
}

async function trainTogether(tabs: Tab[]): Promise<void> {
  await tabs[0].start({ ...quickRun, steps: 6, evaluateEvery: 3 })
  for (const tab of tabs) await tab.waitForPhase('finished')
  const [first, second] = await Promise.all(tabs.map((tab) => tab.summary()))
  expect(first).toMatchObject({ status: 'finished', steps: 6 })
  expect(first?.workers).toHaveLength(tabs.length)
  expect(second?.parametersSha256).toBe(first?.parametersSha256)
  expect(first?.sentBytes.payload).toBeGreaterThan(0)
}

/** In a page: keeps what its WebRTC connections are made with, as `iceServers`. */
function recordIceServers(): void {
  const iceServers: unknown[] = []
  const original = globalThis.RTCPeerConnection
  const recording = class extends original {
    constructor(configuration?: RTCConfiguration) {
      iceServers.push(configuration?.iceServers)
      super(configuration)
    }
  }
  Object.assign(globalThis, { iceServers, RTCPeerConnection: recording })
}

test('tabs meet over https and wss, and train; a page by plain http says what it lacks and joins them', async ({ context }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'tabswarm-'))
  const { host, certificate } = await openLan('127.0.0.1', path.join(folder, 'lan.pem'))
  const server = await startServer({ host, certificate, publicHost: '192.0.2.7' })
  try {
    expect(server.url).toMatch(/^https:/)
    const tabs = [await join(context, server.url, 1), await join(context, server.url, 2)]
    expect(await tabs[0].page.evaluate(() => isSecureContext)).toBe(true)
    await trainTogether(tabs)

    // To a browser with another name for this computer, plain http is as unsafe as on a phone.
    const plain = await join(context, `http://lab.test:${server.port}/`, 3)
    await plain.page.getByRole('button', { name: 'Why not on the GPU?' }).click()
    await expect(plain.page.getByText(/came by plain http/)).toBeVisible()
    await expect(plain.page.getByRole('link', { name: `https://192.0.2.7:${server.port}` })).toBeVisible()
    const add = plain.page.getByRole('region', { name: 'Add a worker' })
    await add.getByRole('button', { name: 'Phone or laptop' }).click()
    await expect(add.getByRole('img', { name: /^QR code of https:\/\/192\.0\.2\.7:/ })).toBeVisible()
    await trainTogether([...tabs, plain])
    for (const { problems } of [...tabs, plain]) expect(problems).toEqual([])
  } finally {
    await context.close()
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
})

test('this computer’s own address invites no phone, and says how to let them in', async ({ openTabs }) => {
  const [{ page }] = await openTabs(1)
  const add = page.getByRole('region', { name: 'Add a worker' })
  await add.getByRole('button', { name: 'Phone or laptop' }).click()
  await expect(add.getByText('npm start -- --lan')).toBeVisible()
  await expect(add.getByRole('img', { name: /QR code/ })).toHaveCount(0)
})

test('a worker more: another tab of this room, or simulated ones here', async ({ openTabs, context }) => {
  const [first] = await openTabs(1)
  const add = first.page.getByRole('region', { name: 'Add a worker' })
  await expect(first.page.getByText(/^Start: 1 worker,/)).toBeVisible()
  const opened = context.waitForEvent('page')
  await add.getByRole('button', { name: 'Another tab' }).click()
  const second = new Tab(await opened)
  await expect.poll(() => second.memberCount()).toBe(2)
  await expect(first.page.getByText(/^Start: 2 workers,/)).toBeVisible()

  await add.getByRole('button', { name: 'Simulate here' }).click()
  await expect(first.page.getByText(/^Start: 4 simulated workers,/)).toBeVisible()
  await add.getByRole('button', { name: 'One more here' }).click()
  await expect(first.page.getByText(/^Start: 5 simulated workers,/)).toBeVisible()
  // A tab is a worker of the room again.
  await add.getByRole('button', { name: 'Another tab' }).click()
  await expect(first.page.getByText(/^Start: 3 workers,/)).toBeVisible()
})

test('the built lab works on a static host, below a path, with a PeerServer elsewhere', async ({ context, browser, server }) => {
  const app = express().use('/some/where', express.static(builtLabFolder))
  const host = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening))
  })
  try {
    const { port } = host.address() as AddressInfo
    const address = `http://127.0.0.1:${port}/some/where/?peer=127.0.0.1:${server.port}/peer&secure=false&ice=stun:127.0.0.1:${port}`
    await context.addInitScript(recordIceServers)
    const missing = new Set<string>()
    context.on('response', (response) => response.status() >= 400 && missing.add(new URL(response.url()).pathname))
    const tabs = [await join(context, address, 1), await join(context, address, 2)]
    await trainTogether(tabs)
    // The first connection is PeerJS's look at what the browser can do; it goes nowhere.
    const [, ...used] = await tabs[0].page.evaluate(() => (globalThis as unknown as { iceServers: unknown[] }).iceServers)
    expect(used.length).toBeGreaterThan(0)
    for (const iceServers of used) expect(iceServers).toEqual([{ urls: `stun:127.0.0.1:${port}` }])
    // Nobody prepares data sets there; nothing else is amiss.
    expect([...missing]).toEqual(['/some/where/api/datasets'])
    for (const { problems } of tabs) expect(problems.filter((text) => !text.includes('404'))).toEqual([])
    // Others use that PeerServer, too: the lobby of another browser is another room, unless it comes by the link.
    const link = tabs[0].page.url()
    expect(link).toMatch(/secret=[0-9a-f]{16}/)
    const other = await browser.newContext()
    await join(other, address, 1)
    await join(other, link, 3)
    await other.close()
  } finally {
    await context.close()
    await new Promise((resolve) => {
      host.close(resolve)
      host.closeAllConnections()
    })
  }
})
