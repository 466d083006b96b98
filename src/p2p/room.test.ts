import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeNetwork } from './fake-signalling.ts'
import { totalBytes } from './ledger.ts'
import { Room } from './room.ts'
import { expectTogether, ids, run, World } from './room-world.fixture.ts'

let world: World
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  world.end()
  vi.useRealTimers()
})

describe('joining', () => {
  it('founds a room when nobody is there', async () => {
    world = new World()
    const room = world.join()
    expect(room.getState()).toMatchObject({ phase: 'joining', hostId: null })
    await run(100)
    expect(room.getState()).toMatchObject({ phase: 'joined', hostId: room.selfId, signalling: 'connected', errors: [], locked: false })
    expect(room.getState().members).toEqual([
      { id: room.selfId, name: 'Tab 1', rank: 0, self: true, host: true, link: 'open', hidden: false },
    ])
  })

  it('names and ranks newcomers in the order of admission', async () => {
    world = new World()
    for (const name of ['', 'Ada', '']) {
      world.join('secret', name)
      await run(500)
    }
    expectTogether(world.rooms)
    const { members } = world.rooms[2].getState()
    expect(members.map(({ name, rank, self, host }) => ({ name, rank, self, host }))).toEqual([
      { name: 'Tab 1', rank: 0, self: false, host: true },
      { name: 'Ada', rank: 1, self: false, host: false },
      { name: 'Tab 2', rank: 2, self: true, host: false },
    ])
    expect(ids(world.rooms[0].getState())).toEqual(world.rooms.map((room) => room.selfId))
  })

  it('brings 1 to 8 pages together, however they come and however slow the network is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 20, maxLength: 20 }),
        async (arrivalsMs, delaysMs) => {
          let turn = 0
          world = new World(new FakeNetwork(() => delaysMs[turn++ % delaysMs.length]))
          for (const ms of arrivalsMs) setTimeout(() => world.join(), ms)
          await run(20_000)
          expectTogether(world.rooms)
          expect(world.losses.flat()).toEqual([])
          world.end()
          await run(1_000)
        },
      ),
      { numRuns: 30, endOnFailure: true },
    )
  })

  it('keeps rooms with other secrets apart', async () => {
    world = new World()
    world.join('one')
    world.join('two')
    await run(2_000)
    expectTogether([world.rooms[0]])
    expectTogether([world.rooms[1]])
  })

  it('joins as soon as a lost signalling server is there', async () => {
    world = new World()
    world.network.serverDown = true
    const room = world.join()
    await run(3_000)
    expect(room.getState()).toMatchObject({ phase: 'joining', signalling: 'lost' })
    expect(room.getState().errors[0]).toMatch(/signalling server is out of reach/)
    world.network.serverDown = false
    await run(10_000)
    expectTogether([room])
  })

  it('leaves when its signal is aborted', async () => {
    world = new World()
    const abort = new AbortController()
    const room = new Room({ room: 'lobby', secret: 's', signalling: world.network.page(), signal: abort.signal })
    await run(100)
    abort.abort()
    expect(room.getState()).toMatchObject({ phase: 'left', hostId: null })
  })
})

describe('losing members', () => {
  const together = async (count: number) => {
    world = new World()
    for (let i = 0; i < count; i++) {
      world.join()
      await run(300)
    }
    expectTogether(world.rooms)
  }

  it('knows at once when a member leaves, and says why', async () => {
    await together(3)
    world.rooms[1].leave()
    await run(100)
    expectTogether([world.rooms[0], world.rooms[2]])
    expect(world.losses[0]).toEqual([`${world.rooms[1].selfId} Tab 2 is gone: it left the room.`])
    expect(world.losses[2]).toHaveLength(1)
  })

  it('has the next member follow a host that leaves', async () => {
    await together(4)
    world.rooms[0].leave()
    await run(1_000)
    expectTogether(world.rooms.slice(1))
    expect(world.rooms[3].getState().hostId).toBe(world.rooms[1].selfId)
    world.join()
    await run(2_000)
    expectTogether(world.rooms.slice(1))
  })

  it('drops a member that falls silent within 10 s', async () => {
    await together(3)
    world.vanish(2)
    await run(6_000)
    expect(world.rooms[0].getState().members).toHaveLength(3)
    await run(4_000)
    expectTogether(world.rooms.slice(0, 2))
    expect(world.losses[0]).toEqual([`${world.rooms[2].selfId} Tab 3 is gone: it was silent for 8 s.`])
  })

  it('follows a host that falls silent, and takes the front desk when the server gives it free', async () => {
    await together(3)
    world.vanish(0)
    await run(10_000)
    const survivors = world.rooms.slice(1)
    for (const room of survivors) expect(ids(room.getState())).toEqual(survivors.map((r) => r.selfId))
    expect(survivors[0].getState().hostId).toBe(survivors[0].selfId)
    await run(20_000)
    world.network.expire()
    await run(12_000)
    expectTogether(survivors)
    const late = world.join()
    await run(3_000)
    expectTogether([...survivors, late])
  })

  it('survives several hosts going at once', async () => {
    await together(5)
    for (const index of [0, 1, 2]) world.close(index)
    await run(3_000)
    expectTogether(world.rooms.slice(3))
  })

  it('comes together whatever order members come and go in', async () => {
    const step = fc.oneof(
      fc.record({ type: fc.constant('join' as const), waitMs: fc.integer({ min: 0, max: 300 }) }),
      fc.record({ type: fc.constantFrom('leave' as const, 'close' as const), who: fc.nat(7), waitMs: fc.integer({ min: 0, max: 300 }) }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 9, maxLength: 9 }),
        async (steps, delaysMs) => {
          let turn = 0
          world = new World(new FakeNetwork(() => delaysMs[turn++ % delaysMs.length]))
          let present = [world.join()]
          await run(50)
          for (const action of steps) {
            if (action.type === 'join' && present.length < 8) present.push(world.join())
            else if (action.type !== 'join' && present.length > 1) {
              const room = present[action.who % present.length]
              if (action.type === 'leave') room.leave()
              else world.close(world.rooms.indexOf(room))
              present = present.filter((r) => r !== room)
            }
            await run(action.waitMs)
          }
          await run(60_000)
          expectTogether(present)
          world.end()
          await run(1_000)
        },
      ),
      { numRuns: 15, endOnFailure: true },
    )
  })

  it('gives everybody a fresh window after its own sleep', async () => {
    await together(2)
    world.sleep(0)
    await run(7_000)
    world.wake(0)
    await run(3_000)
    expectTogether(world.rooms)
    expect(world.losses.flat()).toEqual([])
  })

  it('takes a host that slept too long back as a member or host, without a split', async () => {
    await together(3)
    world.sleep(0)
    await run(15_000)
    world.wake(0)
    await run(40_000)
    expectTogether(world.rooms)
  })

  it('keeps its links when the signalling server restarts, and stays one room', async () => {
    await together(3)
    world.network.serverDown = true
    world.network.restart()
    await run(30_000)
    expect(world.losses.flat()).toEqual([])
    expect(world.rooms[1].getState()).toMatchObject({ signalling: 'lost', phase: 'joined' })
    expect(world.rooms[1].links()).toHaveLength(2)
    world.network.serverDown = false
    await run(10_000)
    expectTogether(world.rooms)
  })

  it('has a newcomer that was faster at the desk give way to the room that was there', async () => {
    await together(3)
    world.rooms[0].setLocked(true)
    world.network.restart()
    const newcomer = world.join()
    await run(20_000)
    expectTogether(world.rooms)
    expect(newcomer.getState().locked).toBe(true)
    expect(world.losses.slice(0, 3).flat()).toEqual([])
  })

  it('moves into the room of newcomers that were faster at the desk, and keeps its links', async () => {
    await together(3)
    world.network.restart()
    const newcomers = [world.join(), world.join()]
    await run(20_000)
    expect(newcomers.map(({ selfId }) => selfId)).toContain(world.rooms[0].getState().hostId)
    expectTogether(world.rooms)
    expect(world.losses.flat()).toEqual([])
  })

  it('says who cannot be reached, and keeps such a newcomer out', async () => {
    await together(2)
    const page = world.network.page()
    const room = new Room({ room: 'lobby', secret: 'secret', signalling: page })
    world.network.cut(room.selfId, world.rooms[1].selfId)
    const errors = new Set<string>()
    room.subscribe((state) => state.errors.forEach((error) => errors.add(error)))
    const tick = setInterval(() => room.tick(), 1_000)
    await run(10_000)
    expect([...errors].some((error) => /Tab 2 cannot be reached: no route/.test(error))).toBe(true)
    expect([...errors].some((error) => /The host has dropped this tab: Tab 2 and Tab 3 cannot reach each other/.test(error))).toBe(true)
    expect(ids(world.rooms[1].getState()).slice(0, 2)).toEqual([world.rooms[0].selfId, world.rooms[1].selfId])
    clearInterval(tick)
    room.leave()
    await run(1_000)
    expectTogether(world.rooms)
  })
})

describe('sending a member away', () => {
  const together = async (count: number) => {
    world = new World()
    for (let i = 0; i < count; i++) {
      world.join()
      await run(300)
    }
    return world.rooms
  }

  it('is its loss for the others, and it goes and stays away', async () => {
    const [host, second, third, fourth] = await together(4)
    host.dismiss(third.selfId)
    await run(100)
    expectTogether([host, second, fourth])
    for (const i of [0, 1, 3]) expect(world.losses[i]).toEqual([`${third.selfId} Tab 3 is gone: the host has removed it.`])
    expect(third.getState()).toMatchObject({
      phase: 'left',
      dismissed: true,
      hostId: null,
      errors: ['The host has removed this tab from the room.'],
    })
    expect(ids(third.getState())).toEqual([third.selfId])
    await run(60_000)
    expectTogether([host, second, fourth])
    expect(third.getState().phase).toBe('left')
  })

  it('takes its page back only when it is loaded anew', async () => {
    const [host, second] = await together(2)
    host.dismiss(second.selfId)
    await run(1_000)
    const again = world.join()
    await run(1_000)
    expectTogether([host, again])
    expect(again.getState().dismissed).toBe(false)
  })

  it('also keeps away a page that missed it, and under the next host', async () => {
    const [host, second, third] = await together(3)
    // nothing reaches the third for a while: it takes everybody for lost, and looks for the room again
    world.vanish(2)
    host.dismiss(third.selfId)
    host.leave()
    await run(20_000)
    expect(second.getState()).toMatchObject({ phase: 'joined', hostId: second.selfId })
    world.appear(2)
    await run(60_000)
    expect(third.getState()).toMatchObject({ phase: 'left', dismissed: true })
    expectTogether([second])
  })

  it('is for the host only, and for another member', async () => {
    const [host, second, third] = await together(3)
    expect(() => second.dismiss(third.selfId)).toThrow('Only the host can remove a tab from the room: ask it to.')
    expect(() => host.dismiss(host.selfId)).toThrow(/There is no other tab/)
    expect(() => host.dismiss('nobody')).toThrow('There is no other tab nobody in the room to remove.')
    await run(100)
    expectTogether([host, second, third])
  })

  it('is ignored when somebody else says so, and told once', async () => {
    const [host, second, third] = await together(3)
    const told: string[] = []
    for (const room of [host, third]) room.onOverstep((sentence) => told.push(sentence))
    const { memberListNumber: number } = host.getState()
    const members = [{ id: 'tab-forger', name: 'Eve', ticket: '0123456789abcdef' }]
    const list = { number: number + 5, locked: false, members, host: members[0].ticket, claim: null, dismissed: [third.selfId] }
    for (const room of [third, host]) {
      await world.forge(room, { type: 'list', list })
      await world.forge(room, { type: 'list', list })
      await world.forge(room, { type: 'removed', reason: 'Go away.' })
    }
    expectTogether([host, second, third])
    const sentence = (what: string) => `Somebody outside of the room has tried to ${what} from the room. Only the host may: ignored.`
    expect(told).toEqual([sentence('remove Tab 3'), sentence('remove Tab 3')])
  })
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
