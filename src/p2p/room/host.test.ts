import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeNetwork } from './fake-signalling.ts'
import type { ClaimStorage } from './host-claim.ts'
import type { Room } from './room.ts'
import { expectTogether, run, World } from './room-world.fixture.ts'

let world: World
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  world.end()
  vi.useRealTimers()
})

/** What a tab keeps over reloads. */
function storageOf(): ClaimStorage {
  const kept = new Map<string, string>()
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) }
}

async function together(count: number, first?: ClaimStorage): Promise<Room[]> {
  world = new World()
  const rooms = await world.together(count, first)
  expectTogether(rooms)
  return rooms
}

describe('handing over', () => {
  it('makes another member host: it has the rights and the front desk, and nobody changes places', async () => {
    const [first, second, third] = await together(3)
    first.setLocked(true)
    first.handOver(third.selfId)
    expect(first.getState().hostId).toBe(third.selfId)
    await run(100)
    expectTogether(world.rooms, third)
    expect(world.losses.flat()).toEqual([])
    expect(second.getState().members.map(({ name, host }) => `${name} ${host}`)).toEqual(['Tab 1 false', 'Tab 2 false', 'Tab 3 true'])
    expect(second.getState().locked).toBe(true)
    expect(() => first.setLocked(false)).toThrow('Only the host can lock or unlock the room: ask it to.')
    third.setLocked(false)
    third.rename('Ada')
    const late = world.join()
    await run(2_000)
    expectTogether([first, second, third, late], third)
    expect(late.getState().locked).toBe(false)
    third.dismiss(late.selfId)
    third.handOver(first.selfId)
    await run(100)
    expectTogether([first, second, third])
    expect(late.getState().dismissed).toBe(true)
  })

  it('is for the host only, and to another member that is linked', async () => {
    const [first, second, third] = await together(3)
    expect(() => second.handOver(third.selfId)).toThrow('Only the host can make another tab host: ask it to.')
    expect(() => first.handOver(first.selfId)).toThrow(/There is no other tab/)
    expect(() => first.handOver('nobody')).toThrow('There is no other tab nobody in the room to be its host.')
    const fourth = world.join()
    for (let ms = 0; first.getState().members.length < 4 && ms < 1_000; ms++) await run(1)
    expect(() => first.handOver(fourth.selfId)).toThrow('Tab 4 is still connecting. Wait a moment, then make it host.')
    await run(1_000)
    expectTogether(world.rooms)
  })

  it('falls back to the first by admission when the new host goes, at once or later, with a word or without', async () => {
    for (const go of ['leave', 'close', 'vanish'] as const)
      for (const waitMs of [0, 1, 500]) {
        const [first, second, third, fourth] = await together(4)
        first.handOver(third.selfId)
        await run(waitMs)
        if (go === 'leave') third.leave()
        else world[go](2)
        await run(12_000)
        world.network.expire()
        await run(12_000)
        expectTogether([first, second, fourth])
        const late = world.join()
        await run(3_000)
        expectTogether([first, second, fourth, late])
        world.end()
        await run(1_000)
      }
  })

  it('holds when the one before goes at once', async () => {
    const [first, second, third] = await together(3)
    first.handOver(third.selfId)
    await run(5)
    first.leave()
    await run(3_000)
    expectTogether([second, third], third)
  })

  it('ends in one room with one host, whoever comes, goes and hands over, however slow the network is', async () => {
    const waitMs = fc.integer({ min: 0, max: 300 })
    interface Step {
      type: 'join' | 'leave' | 'close' | 'handOver'
      who: number
      waitMs: number
    }
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.record({ type: fc.constant('join' as const), who: fc.constant(0), waitMs }),
      fc.record({ type: fc.constantFrom('leave' as const, 'close' as const), who: fc.nat(7), waitMs }),
      fc.record({ type: fc.constant('handOver' as const), who: fc.nat(7), waitMs }),
      fc.record({ type: fc.constant('handOver' as const), who: fc.nat(7), waitMs }),
    )
    const delaysMs = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 9, maxLength: 9 })
    const play = async (steps: Step[], delays: number[]) => {
      let turn = 0
      world = new World(new FakeNetwork(() => delays[turn++ % delays.length]))
      let present = [world.join(), world.join(), world.join()]
      await run(3_000)
      for (const { type, who, waitMs } of steps) {
        const room = present[who % present.length]
        if (type === 'join' && present.length < 8) present.push(world.join())
        else if (type === 'handOver') {
          const host = present.find((candidate) => candidate.getState().hostId === candidate.selfId)
          const linked = host?.getState().members.some(({ id, link, self }) => id === room.selfId && link === 'open' && !self)
          if (linked) host?.handOver(room.selfId)
        } else if (type !== 'join' && present.length > 1) {
          if (type === 'leave') room.leave()
          else world.close(world.rooms.indexOf(room))
          present = present.filter((other) => other !== room)
        }
        await run(waitMs)
      }
      await run(60_000)
      const { hostId } = present[0].getState()
      const host = present.find(({ selfId }) => selfId === hostId)
      expectTogether(present, host)
      world.end()
      await run(1_000)
    }
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), delaysMs, play), { numRuns: 25, endOnFailure: true })
  })
})

describe('a host that is loaded anew', () => {
  it('gets its role back, in the room as it left it', async () => {
    const storage = storageOf()
    const [first, second, third] = await together(3, storage)
    first.setLocked(true)
    await run(100)
    for (let reload = 0; reload < 3; reload++) {
      world.rooms[world.rooms.length - 1 - (reload === 0 ? 2 : 0)].leave()
      await run(500)
      expectTogether([second, third])
      const again = world.join('secret', '', storage)
      await run(2_000)
      expectTogether([second, third, again], again)
      expect(again.getState().locked).toBe(true)
    }
  })

  it('gets it back also when it is faster than the loss is noticed', async () => {
    const storage = storageOf()
    const [, second, third] = await together(3, storage)
    world.rooms[0].setLocked(true)
    await run(100)
    world.vanish(0)
    world.network.expire()
    const again = world.join('secret', '', storage)
    await run(40_000)
    expectTogether([second, third, again], again)
    expect(again.getState().locked).toBe(true)
  })

  it('does not get it back once it has handed it over; the one that has it does', async () => {
    const [one, other] = [storageOf(), storageOf()]
    const [first, second] = await together(2, one)
    const third = world.join('secret', '', other)
    await run(500)
    first.handOver(third.selfId)
    await run(500)
    first.leave()
    const firstAgain = world.join('secret', '', one)
    await run(2_000)
    expectTogether([second, third, firstAgain], third)
    third.leave()
    await run(500)
    expectTogether([second, firstAgain])
    const thirdAgain = world.join('secret', '', other)
    await run(2_000)
    expectTogether([second, firstAgain, thirdAgain], thirdAgain)
  })

  it('does not lose it to a copy of its tab, which has the same secret', async () => {
    const storage = storageOf()
    const [first, second] = await together(2, storage)
    const copy = world.join('secret', '', storage)
    await run(2_000)
    expectTogether([first, second, copy])
  })

  it('is believed for its secret only, which is worth nothing a second time', async () => {
    const storage = storageOf()
    const spied: string[] = []
    const [first, second, third] = await together(3, { getItem: storage.getItem, setItem: (_, value) => spied.push(value) })
    const told: string[] = []
    second.onOverstep((sentence) => told.push(sentence))
    first.leave()
    await run(500)
    await world.forge(second, { type: 'claim', secret: '0'.repeat(32) })
    expectTogether([second, third])
    expect(told).toEqual(['Somebody outside of the room has tried to make itself host. Only the host may: ignored.'])
    const again = world.join('secret', '', { getItem: () => spied[0], setItem: (_, value) => spied.push(value) })
    await run(2_000)
    expectTogether([second, third, again], again)
    expect(new Set(spied).size).toBe(2)
    // the second has heard the first secret as host
    again.leave()
    await run(500)
    const thief = world.join('secret', '', { getItem: () => spied[0], setItem: () => {} })
    await run(2_000)
    expectTogether([second, third, thief])
  })
})
