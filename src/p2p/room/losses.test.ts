import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeNetwork } from './fake-signalling.ts'
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

describe('losing members', () => {
  const together = async (count: number) => {
    world = new World()
    expectTogether(await world.together(count))
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
