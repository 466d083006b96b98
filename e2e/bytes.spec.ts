import type { AutomationLink } from '../src/cluster/index.ts'
import { type PayloadKind, payloadKinds, type RunConfigInput } from '../src/engine/index.ts'
import { totalBytes } from '../src/p2p/index.ts'
import { expect, quickRun, type Tab, test } from './lab-fixture.ts'

/** Largest difference allowed between the ledger and the browser, as a part of what the browser counts. */
const TOLERANCE = 0.03

interface Case {
  name: string
  change: RunConfigInput
  /** what the method sends */
  kinds: PayloadKind[]
  /** whom the first of three tabs sends payload to */
  firstSendsTo: number[]
}

const cases: Case[] = [
  {
    name: 'dense gossip of models, momentum and trackers',
    change: { algorithm: { id: 'gt-dsum', localSteps: 3 }, topology: 'chain' },
    kinds: ['model', 'momentum', 'tracker'],
    firstSendsTo: [1],
  },
  {
    name: 'sparse all-gather',
    change: { algorithm: { id: 'gmc' }, compressor: { id: 'top-k', ratio: 0.02 } },
    kinds: ['residual'],
    firstSendsTo: [1, 2],
  },
]

for (const { name, change, kinds, firstSendsTo } of cases)
  test(`the ledger of every link agrees with the browser's own statistics: ${name}`, async ({ openTabs }) => {
    const tabs = await openTabs(3)
    await tabs[0].start({ ...quickRun, evaluateEvery: 0, ...change })
    for (const tab of tabs) await tab.waitForPhase('finished')
    const summary = await tabs[0].summary()
    const { members } = (await tabs[0].state()).room
    const rankOf = ({ peer }: AutomationLink) => members.find(({ id }) => id === peer)?.rank ?? -1

    for (const [rank, tab] of tabs.entries()) {
      const links = await tab.links()
      expect(links.map(rankOf).sort()).toEqual([0, 1, 2].filter((other) => other !== rank))
      for (const difference of links.flatMap(differences)) expect(difference).toBeLessThanOrEqual(TOLERANCE)
      // Once nothing but heartbeats is under way, they agree to the byte.
      await expect.poll(async () => (await tab.links()).flatMap(differences)).toEqual([0, 0, 0, 0])

      // The worker counts what its exchange sends, the page what its links carry: the same.
      const sent = summary?.workers[rank].sentBytes
      expect(sent?.payload).toBe(sum(links, (link) => link.sent.payload))
      for (const kind of payloadKinds) expect(sent?.byKind[kind], kind).toBe(sum(links, (link) => link.sentByKind[kind]))
    }
    const first = await tabs[0].links()
    expect(first.filter((link) => link.sent.payload > 0).map(rankOf)).toEqual(firstSendsTo)
    expect(payloadKinds.filter((kind) => (summary?.sentBytes.byKind[kind] ?? 0) > 0)).toEqual(kinds)
  })

test('the dashboard tells the payload by kind, and the bytes of each link, also without a mouse', async ({ openTabs }) => {
  const [tab] = await openTabs(2)
  await tab.start({ ...quickRun, steps: 8, evaluateEvery: 0, algorithm: { id: 'gt-dsum', localSteps: 4 } })
  await tab.waitForPhase('finished')
  const { page } = tab
  // Two rounds of 66,730 parameters of 4 bytes, to one neighbor.
  await expect(page.getByText('models 533.8 kB, momentum 533.8 kB, trackers 533.8 kB, headers ')).toBeVisible()

  const links = page.getByText('Bytes between this tab and the others')
  await links.focus()
  await page.keyboard.press('Enter')
  await expect(
    page
      .getByRole('row', { name: /^to Tab 2/ })
      .getByRole('cell')
      .first(),
  ).toHaveText('1.6 MB')
  await expect(
    page
      .getByRole('row', { name: /^from Tab 2/ })
      .getByRole('cell')
      .first(),
  ).toHaveText('1.6 MB')
  await expectLinkNamed(tab, /^You and Tab 2: .* sent, .* received$/)
})

/** A link of the drawing says its bytes to who comes to it with the keyboard. */
async function expectLinkNamed({ page }: Tab, name: RegExp): Promise<void> {
  const link = page.getByRole('img', { name })
  await link.focus()
  await expect(page.getByRole('region', { name: 'Topology' }).getByText(name)).toBeVisible()
}

/** Of what the ledger and the browser count, sent and received, as parts of the latter. */
function differences({ sent, received, measured }: AutomationLink): number[] {
  if (!measured) throw new Error('the browser tells nothing about the channel')
  return [
    Math.abs(totalBytes(sent) - measured.sent) / measured.sent,
    Math.abs(totalBytes(received) - measured.received) / measured.received,
  ]
}

const sum = (links: AutomationLink[], bytesOf: (link: AutomationLink) => number) => links.reduce((total, link) => total + bytesOf(link), 0)
