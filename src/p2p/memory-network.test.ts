import { expect, test } from 'vitest'
import { encodeFrame } from './frame.ts'
import { zeroBytes, zeroPayload } from './ledger.ts'
import { createMemoryNetwork, type MemoryNetworkOptions } from './memory-network.ts'

const frame = (round: number) =>
  encodeFrame({
    type: 'round',
    run: 1,
    view: 1,
    round,
    phase: 0,
    operation: 'mix',
    arrays: [{ kind: 'tracker', message: { kind: 'dense', size: 20_000, values: new Float32Array(20_000) } }],
  })
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

test('several peers get one and the same buffer, and each link counts it', async () => {
  const net = createMemoryNetwork(['a', 'b', 'c'])
  const heard: ArrayBuffer[] = []
  for (const peer of ['b', 'c']) net.transport(peer).onMessage((_, message) => heard.push(message))
  const message = frame(0)
  net.transport('a').sendToAll?.(['b', 'c', 'nobody'], message)
  await Promise.resolve()
  await Promise.resolve()
  expect(message.byteLength).toBe(0)
  expect(heard).toHaveLength(2)
  expect(heard[0]).toBe(heard[1])
  expect(net.ledger('a').peers()).toEqual(['b', 'c'])
  expect(net.ledger('a').sent().payload).toBe(160_000)
})

test('counts both ends of a link as chunked channels do, and by kind of vector', async () => {
  const { net } = network()
  net.transport('a').send('b', frame(0))
  await Promise.resolve()
  const expected = { payload: 80_000, framing: 32 + 16 + 2 * 16, control: 0 }
  const byKind = { ...zeroPayload(), tracker: 80_000 }
  const none = { sent: zeroBytes(), received: zeroBytes(), sentByKind: zeroPayload(), receivedByKind: zeroPayload() }
  expect(net.ledger('a').link('b')).toEqual({ ...none, sent: expected, sentByKind: byKind })
  expect(net.ledger('b').link('a')).toEqual({ ...none, received: expected, receivedByKind: byKind })
  expect(net.ledger('a').sentByKind()).toEqual(byKind)
  expect(net.ledger('c').peers()).toEqual([])
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
