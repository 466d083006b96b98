import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { totalBytes } from '../ledger.ts'
import { run, World } from './room-world.fixture.ts'

let world: World
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  world.end()
  vi.useRealTimers()
})

describe('messages', () => {
  const pair = async () => {
    world = new World()
    world.join()
    await run(100)
    world.join()
    await run(1_000)
    return world.rooms
  }

  it('carries frames and JSON and counts their bytes', async () => {
    const [a, b] = await pair()
    const frames: [string, number][] = []
    const bodies: unknown[] = []
    b.onFrame((from, message) => frames.push([from, message.byteLength]))
    b.onControl((from, body) => bodies.push([from, body]))
    a.sendFrame(b.selfId, new ArrayBuffer(100_000))
    a.sendControl(b.selfId, { hello: [1, 2] })
    a.broadcast('all')
    await run(100)
    expect(frames).toEqual([[a.selfId, 100_000]])
    expect(bodies).toEqual([
      [a.selfId, { hello: [1, 2] }],
      [a.selfId, 'all'],
    ])
    const [link] = a.links()
    expect(link.peer).toBe(b.selfId)
    expect(link.counts.sent.control).toBeGreaterThan(100)
    for (const room of [a, b]) {
      const [{ counts, measured }] = await room.measuredLinks()
      expect(measured).toEqual({ sent: totalBytes(counts.sent), received: totalBytes(counts.received) })
      expect(Math.max(measured?.sent ?? 0, measured?.received ?? 0)).toBeGreaterThan(100_000)
    }
    await run(5_000)
    expect(a.links()[0].rttMs).toBeGreaterThan(0)
  })

  it('does not mind sending to somebody who is gone', async () => {
    const [a] = await pair()
    expect(() => a.sendFrame('nobody', new ArrayBuffer(8))).not.toThrow()
    expect(() => a.sendControl('nobody', {})).not.toThrow()
  })

  it('refuses to send control messages that nobody would read', async () => {
    const [a] = await pair()
    expect(() => a.broadcast('x'.repeat(300_000))).toThrow(/300\d{3} bytes; at most 262144/)
  })

  it('tells the others when a page is hidden', async () => {
    const [a, b] = await pair()
    b.setHidden(true)
    await run(100)
    expect(a.getState().members.map((member) => member.hidden)).toEqual([false, true])
    const late = world.join()
    await run(1_000)
    expect(late.getState().members.map((member) => member.hidden)).toEqual([false, true, false])
    b.setHidden(false)
    await run(100)
    expect(late.getState().members[1].hidden).toBe(false)
  })

  it('lets only the host lock the room, and tells newcomers', async () => {
    const [a, b] = await pair()
    expect(() => b.setLocked(true)).toThrow(/Only the host/)
    a.setLocked(true)
    await run(100)
    expect(b.getState().locked).toBe(true)
    const late = world.join()
    await run(1_000)
    expect(late.getState().locked).toBe(true)
  })

  it('lists members under new names', async () => {
    const [a, b] = await pair()
    b.rename('  Ada ')
    a.rename('')
    await run(100)
    for (const room of [a, b]) expect(room.getState().members.map((member) => member.name)).toEqual(['Tab 1', 'Ada'])
  })

  it('gives a new snapshot only when something changed', async () => {
    const [a] = await pair()
    const before = a.getState()
    expect(a.getState()).toBe(before)
    await run(10_000)
    expect(a.getState()).toBe(before)
  })
})
