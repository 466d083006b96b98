import { describe, expect, test } from 'vitest'
import { createMemoryNetwork, type MemoryNetworkOptions } from './memory-network.ts'
import { type LinkModel, SimulatedPeer } from './simulated-time.ts'
import { members, swarm } from './swarm.fixture.ts'

/** 1,000 bytes on the wire: 984 and a chunk header of 16. At 1 Mbit/s they take 8 ms. */
const MESSAGE_BYTES = 984
const SLOW: LinkModel = { bitsPerSecond: 1e6, latencyMs: 20 }

/** A network of a, b and c in which the test says who waits for what. */
function network(options: MemoryNetworkOptions) {
  const net = createMemoryNetwork(['a', 'b', 'c'], options)
  const heard: Record<string, ArrayBuffer[]> = { a: [], b: [], c: [] }
  for (const peer of Object.keys(heard)) net.transport(peer).onMessage((_, message) => heard[peer].push(message))
  const send = (from: string, ...to: string[]) => {
    for (const peer of to) net.transport(from).send(peer, new ArrayBuffer(MESSAGE_BYTES))
  }
  /** The clock of a peer in milliseconds, after it has waited for the next messages it was sent. */
  const waited = async (peer: string, messages: number) => {
    for (let i = 0; i < 20; i++) await Promise.resolve()
    net.transport(peer).waited?.(heard[peer].splice(0, messages))
    return 1000 * net.clock(peer).seconds
  }
  return { net, send, waited }
}

describe('one message after the other', () => {
  test('bits / bitsPerSecond and the latency', async () => {
    const { send, waited, net } = network({ links: SLOW })
    send('a', 'b')
    expect(await waited('b', 1)).toBeCloseTo(8 + 20)
    expect(net.clock('a').seconds).toBe(0)
    expect(net.clock('b').communicatingSeconds).toBeCloseTo(0.028)
  })

  test('the uplink takes them in turn, whoever they are for', async () => {
    const { send, waited } = network({ links: SLOW })
    send('a', 'b', 'b', 'c')
    expect(await waited('b', 1)).toBeCloseTo(28)
    expect(await waited('b', 1)).toBeCloseTo(36)
    expect(await waited('c', 1)).toBeCloseTo(44)
  })

  test('a worker that computes sends later, and one that computes longer than the message travels does not wait', async () => {
    const { send, waited, net } = network({ links: SLOW })
    net.clock('a').advance(0.1)
    send('a', 'b', 'c')
    net.clock('c').advance(1)
    expect(await waited('b', 1)).toBeCloseTo(128)
    expect(await waited('c', 1)).toBeCloseTo(1000)
    expect(net.clock('c')).toMatchObject({ computingSeconds: 1, communicatingSeconds: 0 })
    // The uplink has been free since 116 ms.
    net.clock('a').advance(0.9)
    send('a', 'b')
    expect(await waited('b', 1)).toBeCloseTo(1028)
  })

  test('links differ by pair and direction', async () => {
    const { send, waited } = network({ links: (from, to) => ({ latencyMs: from === 'a' ? 50 : to === 'a' ? 10 : 0 }) })
    send('a', 'b', 'c')
    send('b', 'a')
    expect([await waited('a', 1), await waited('b', 1), await waited('c', 1)]).toEqual([10, 50, 50])
  })

  test('a downlink takes needed messages one after the other; one alone is not held up', async () => {
    const { send, waited } = network({ links: { ...SLOW, downBitsPerSecond: 0.5e6 } })
    send('a', 'c')
    send('b', 'c')
    // Both arrive at 28 ms; the second needs the downlink for 16 more.
    expect(await waited('c', 2)).toBeCloseTo(44)
    send('a', 'b')
    expect(await waited('b', 1)).toBeCloseTo(16 + 20)
  })

  test('without any cost no time passes', async () => {
    const { send, waited } = network({})
    send('a', 'b', 'c')
    expect(await waited('b', 1)).toBe(0)
  })
})

describe('loss', () => {
  const lossy: LinkModel = { bitsPerSecond: 1e6, latencyMs: 20, lossRate: 0.5, retransmissionTimeoutMs: 100 }

  /** When each of 200 messages arrives, in milliseconds, and what it would be without loss. */
  async function arrivals(seed: number): Promise<number[]> {
    const { send, waited } = network({ links: lossy, seed })
    send('a', ...new Array(200).fill('b'))
    const times: number[] = []
    for (let i = 0; i < 200; i++) times.push(await waited('b', 1))
    return times
  }

  test('delays by the timeout and the repetition, keeps the order, and follows the seed', async () => {
    const times = await arrivals(1)
    expect(times).toEqual(await arrivals(1))
    expect(times).not.toEqual(await arrivals(2))
    let latest = 0
    const losses = times.map((time, i) => {
      expect(time).toBeGreaterThanOrEqual(latest)
      const isHeldUp = time === latest
      latest = time
      return isHeldUp ? 0 : (time - (8 * (i + 1) + 20)) / 108
    })
    for (const count of losses) expect(count).toBeCloseTo(Math.round(count), 6)
    expect(Math.max(...losses)).toBeGreaterThanOrEqual(3)
  })

  test('is as frequent as said: half of all messages come at once, a quarter after one loss', () => {
    const peer = new SimulatedPeer('a', () => ({ lossRate: 0.5, retransmissionTimeoutMs: 100 }), 1)
    const counts = [0, 0, 0]
    for (let i = 0; i < 10_000; i++) {
      peer.advance(100)
      const losses = Math.round((peer.send('b', 1_000).seconds - peer.seconds) / 0.1)
      counts[Math.min(losses, 2)]++
    }
    expect(counts.map((count) => Math.round(count / 500) / 20)).toEqual([0.5, 0.25, 0.25])
  })
})

test.each<LinkModel>([
  { latencyMs: -1 },
  { bitsPerSecond: 0 },
  { downBitsPerSecond: Number.NaN },
  { lossRate: 1 },
  { lossRate: -0.1 },
  { retransmissionTimeoutMs: -1 },
])('a link of %j is refused', (links) => {
  const { send } = network({ links })
  expect(() => send('a', 'b')).toThrow(RangeError)
})

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('computing for %s seconds is refused', (seconds) => {
  expect(() => createMemoryNetwork(['a']).clock('a').advance(seconds)).toThrow(RangeError)
})

describe('rounds', () => {
  /** A frame with one array of 240 values: 32 + 16 + 960 and a chunk header of 16 are 1,024 bytes, 8.192 ms at 1 Mbit/s. */
  const LENGTH = 240
  const FRAME_MS = 8.192
  const clocks = (net: ReturnType<typeof swarm>['net'], size: number) => members(size).map((peer) => 1000 * net.clock(peer).seconds)

  async function average(size: number, aggregation: 'all-gather' | 'server' | 'ring', links = SLOW) {
    const { exchanges, net } = swarm(size, { aggregation, network: { links } })
    await Promise.all(exchanges.map((exchange) => exchange.average([{ kind: 'model', values: new Float32Array(LENGTH) }])))
    return clocks(net, size)
  }

  test('all-gather: everybody sends size - 1 frames, staggered, so everybody has the last of them at the same time', async () => {
    for (const time of await average(4, 'all-gather')) expect(time).toBeCloseTo(3 * FRAME_MS + 20)
    // A downlink as fast as the uplink holds nobody up.
    for (const time of await average(4, 'all-gather', { ...SLOW, downBitsPerSecond: 1e6 })) expect(time).toBeCloseTo(3 * FRAME_MS + 20)
  })

  test('server: up, then the answers one after the other', async () => {
    const times = await average(4, 'server')
    const up = FRAME_MS + 20
    expect(times[0]).toBeCloseTo(up)
    for (const rank of [1, 2, 3]) expect(times[rank]).toBeCloseTo(up + rank * FRAME_MS + 20)
    // Three frames through the server's downlink.
    expect((await average(4, 'server', { ...SLOW, downBitsPerSecond: 1e6 }))[0]).toBeCloseTo(up + 2 * FRAME_MS)
  })

  test('ring: 2 (size - 1) phases of a quarter of the values', async () => {
    const phaseMs = (8 * (32 + 16 + 960 / 4 + 16)) / 1000 + 20
    for (const time of await average(4, 'ring')) expect(time).toBeCloseTo(6 * phaseMs)
  })

  test('the slowest computer holds up all, whatever order the process runs them in', async () => {
    const { exchanges, net } = swarm(3, { network: { links: SLOW } })
    net.clock('peer-1').advance(2)
    await Promise.all(exchanges.map((exchange) => exchange.average([{ kind: 'model', values: new Float32Array(LENGTH) }])))
    // peer-1 sends to peer-2 first, then to peer-0.
    const times = clocks(net, 3)
    expect(times[2]).toBeCloseTo(2000 + FRAME_MS + 20)
    expect(times[0]).toBeCloseTo(2000 + 2 * FRAME_MS + 20)
    expect(times[1]).toBe(2000)
  })
})
