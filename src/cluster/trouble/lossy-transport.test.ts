import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PeerId, Transport } from '../../p2p/index.ts'
import { lossyTransport } from './lossy-transport.ts'
import type { Trouble } from './trouble.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A lossy transport that loses by the given draws, and what has come out of it. */
function setUp(trouble: Trouble, draws: number[] = []) {
  const sent: [PeerId, number][] = []
  const transport: Transport = { send: (to, message) => sent.push([to, message.byteLength]), onMessage: () => {} }
  return {
    sent,
    lossy: lossyTransport(
      transport,
      () => trouble,
      () => draws.shift() ?? 1,
    ),
  }
}

describe('lossyTransport', () => {
  it('passes everything on at once where nothing is lost', () => {
    const { sent, lossy } = setUp({ slowMs: 0, lossRate: 0 }, [0, 0])
    lossy.send('a', new ArrayBuffer(1))
    lossy.send('b', new ArrayBuffer(2))
    expect(sent).toEqual([
      ['a', 1],
      ['b', 2],
    ])
  })

  it('sends a lost message again after a timeout, once for each loss, and holds up those after it on the same link', async () => {
    // The first is lost twice, the second and the third not.
    const { sent, lossy } = setUp({ slowMs: 0, lossRate: 0.5 }, [0.4, 0.4, 0.6])
    lossy.send('a', new ArrayBuffer(1))
    lossy.send('a', new ArrayBuffer(2))
    lossy.send('b', new ArrayBuffer(3))
    expect(sent).toEqual([['b', 3]])
    await vi.advanceTimersByTimeAsync(1_999)
    expect(sent).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(sent.slice(1)).toEqual([
      ['a', 1],
      ['a', 2],
    ])
    lossy.send('a', new ArrayBuffer(4))
    expect(sent.at(-1), 'the link is free again').toEqual(['a', 4])
  })

  it('keeps the order when the trouble ends with messages still held up', async () => {
    const trouble = { slowMs: 0, lossRate: 0.5 }
    const { sent, lossy } = setUp(trouble, [0.1])
    lossy.send('a', new ArrayBuffer(1))
    trouble.lossRate = 0
    lossy.send('a', new ArrayBuffer(2))
    await vi.runAllTimersAsync()
    expect(sent.map(([, size]) => size)).toEqual([1, 2])
  })
})
