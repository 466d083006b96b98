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
