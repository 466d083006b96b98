import { describe, expect, test, vi } from 'vitest'
import { encodeFrame } from './frame.ts'
import { zeroBytes } from './ledger.ts'
import { createMemoryNetwork, type MemoryNetworkOptions } from './memory-network.ts'

const frame = (round: number) =>
  encodeFrame({ type: 'round', run: 1, view: 1, round, operation: 'mix', arrays: [{ kind: 'model', values: new Float32Array(20_000) }] })
const text = (content: string): ArrayBuffer => new TextEncoder().encode(content).buffer

function network(options?: MemoryNetworkOptions) {
  const net = createMemoryNetwork(['a', 'b', 'c'], options)
  const heard: Record<string, string[]> = { a: [], b: [], c: [] }
  for (const peer of Object.keys(heard))
    net.transport(peer).onMessage((from, message) => heard[peer].push(`${from}: ${new TextDecoder().decode(message)}`))
  return { net, heard, say: (from: string, to: string, content: string) => net.transport(from).send(to, text(content)) }
}

test('delivers later, in order, and names the sender', async () => {
  const { heard, say } = network()
  say('a', 'b', '1')
  say('a', 'b', '2')
  say('c', 'b', '3')
  expect(heard.b).toEqual([])
  await Promise.resolve()
  await Promise.resolve()
  expect(heard).toEqual({ a: [], b: ['a: 1', 'a: 2', 'c: 3'], c: [] })
})

test('takes the buffer away from the sender', () => {
  const message = text('mine')
  createMemoryNetwork(['a', 'b']).transport('a').send('b', message)
  expect(message.byteLength).toBe(0)
})

test('counts both ends of a link as chunked channels do', async () => {
  const { net } = network()
  net.transport('a').send('b', frame(0))
  await Promise.resolve()
  const expected = { payload: 80_000, framing: 32 + 12 + 2 * 16, control: 0 }
  expect(net.ledger('a').link('b')).toEqual({ sent: expected, received: zeroBytes() })
  expect(net.ledger('b').link('a')).toEqual({ sent: zeroBytes(), received: expected })
  expect(net.ledger('c').peers()).toEqual([])
})

describe('latency', () => {
  test('delays each pair by its own time and keeps its order', () => {
    vi.useFakeTimers()
    try {
      const { heard, say } = network({ latencyMs: (from) => (from === 'a' ? 50 : 10) })
      say('a', 'c', '1')
      say('a', 'c', '2')
      say('b', 'c', '3')
      vi.advanceTimersByTime(49)
      expect(heard.c).toEqual(['b: 3'])
      vi.advanceTimersByTime(1)
      expect(heard.c).toEqual(['b: 3', 'a: 1', 'a: 2'])
    } finally {
      vi.useRealTimers()
    }
  })

  test('a schedule in any order keeps the order between two peers', () => {
    const deliveries: (() => void)[] = []
    const { heard, say } = network({ schedule: (deliver) => deliveries.unshift(deliver) })
    say('a', 'b', '1')
    say('c', 'b', '2')
    say('a', 'b', '3')
    for (const deliver of deliveries) deliver()
    expect(heard.b).toEqual(['a: 1', 'c: 2', 'a: 3'])
  })
})

test('a disconnected peer gets and gives nothing any more, and sending to it is no error', async () => {
  const { net, heard, say } = network()
  say('a', 'b', 'under way to it')
  say('b', 'c', 'under way from it')
  net.disconnect('b')
  say('a', 'b', 'later')
  say('b', 'c', 'later')
  say('a', 'nobody', 'ever')
  say('a', 'c', 'still here')
  await Promise.resolve()
  expect(heard).toEqual({ a: [], b: [], c: ['a: still here'] })
})

test('an unknown peer has no end', () => {
  expect(() => createMemoryNetwork(['a']).transport('b')).toThrow(RangeError)
})
