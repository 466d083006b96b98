import { afterEach, expect, test, vi } from 'vitest'
import { encodeFrame } from './frame.ts'
import { createMemoryNetwork, type MemoryNetwork, type MemoryNetworkOptions } from './memory-network.ts'
import type { PeerId } from './types.ts'

const PEERS = ['a', 'b', 'c', 'd', 'e']
const open: MessagePort[] = []
afterEach(() => {
  for (const port of open.splice(0)) port.close()
})

const frame = (round: number) =>
  encodeFrame({
    type: 'round',
    run: 1,
    view: 1,
    round,
    phase: 0,
    operation: 'mix',
    arrays: [{ kind: 'tracker', message: { kind: 'dense', size: 1000, values: new Float32Array(1000).fill(round) } }],
  })

/** The peers in one network for each group, as in threads: joined by a channel between each two. */
function networks(groups: PeerId[][], options: MemoryNetworkOptions = {}) {
  const ports = groups.map(() => new Map<PeerId, MessagePort>())
  for (const [i, group] of groups.entries())
    for (const [j, other] of groups.slice(0, i).entries()) {
      const { port1, port2 } = new MessageChannel()
      open.push(port1, port2)
      for (const peer of other) ports[i].set(peer, port1)
      for (const peer of group) ports[j].set(peer, port2)
    }
  const of = new Map<PeerId, MemoryNetwork>()
  for (const [i, group] of groups.entries()) {
    const network = createMemoryNetwork(group, { ...options, ports: ports[i] })
    for (const peer of group) of.set(peer, network)
  }
  const heard = new Map<PeerId, { from: PeerId; message: ArrayBuffer }[]>(PEERS.map((peer) => [peer, []]))
  const at = (peer: PeerId) => {
    const network = of.get(peer)
    if (!network) throw new Error(`no network has ${peer}`)
    return { transport: network.transport(peer), ledger: network.ledger(peer), clock: network.clock(peer) }
  }
  for (const peer of PEERS) at(peer).transport.onMessage((from, message) => heard.get(peer)?.push({ from, message }))
  const hears = async (peer: PeerId, count: number) => {
    await vi.waitUntil(() => (heard.get(peer)?.length ?? 0) >= count)
    return heard.get(peer)?.splice(0, count) ?? []
  }
  return { at, hears }
}

const apart = [['a', 'b'], ['c', 'd'], ['e']]

test('a message reaches peers here and elsewhere, in order; those of one thread share a buffer', async () => {
  const { at, hears } = networks(apart)
  const [first, second, third] = [frame(1), frame(2), frame(3)]
  const bytes = first.slice(0)
  at('a').transport.sendToAll?.(['b', 'c', 'd', 'e', 'nobody'], first)
  at('a').transport.send('c', second)
  at('e').transport.sendToAll?.(['c', 'd'], third)
  expect([first, second, third].map(({ byteLength }) => byteLength)).toEqual([0, 0, 0])

  const atC = await hears('c', 3)
  expect(atC.map(({ from }) => from).sort()).toEqual(['a', 'a', 'e'])
  const [early, late] = atC.filter(({ from }) => from === 'a').map(({ message }) => message)
  expect(early).toEqual(bytes)
  expect(late).toEqual(frame(2))
  const atD = await hears('d', 2)
  expect(atD.find(({ from }) => from === 'a')?.message).toBe(early)
  expect(atD.find(({ from }) => from === 'e')?.message).toBe(atC.find(({ from }) => from === 'e')?.message)
  for (const peer of ['b', 'e']) expect(await hears(peer, 1)).toEqual([{ from: 'a', message: bytes }])
})

test('bytes and simulated time are those of one network', async () => {
  const links = { bitsPerSecond: 1e6, downBitsPerSecond: 2e6, latencyMs: 20, lossRate: 0.5 }
  const measured = async (groups: PeerId[][]) => {
    const { at, hears } = networks(groups, { links, seed: 3 })
    at('c').clock.advance(0.05)
    for (let round = 0; round < 5; round++) {
      for (const peer of PEERS) {
        const others = PEERS.filter((other) => other !== peer)
        at(peer).transport.sendToAll?.(others, frame(round))
      }
      for (const peer of PEERS) {
        const arrived = await hears(peer, PEERS.length - 1)
        at(peer).transport.waited?.(arrived.map(({ message }) => message))
      }
    }
    return PEERS.map((peer) => {
      const { ledger, clock } = at(peer)
      return { links: PEERS.map((other) => ledger.link(other)), seconds: clock.seconds, communicating: clock.communicatingSeconds }
    })
  }
  const together = await measured([PEERS])
  expect(together[0].seconds).toBeGreaterThan(5 * 0.02)
  expect(await measured(apart)).toEqual(together)
  expect(
    await measured([
      ['a', 'd'],
      ['b', 'c', 'e'],
    ]),
  ).toEqual(together)
})
