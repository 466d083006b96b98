import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { expectTogether, ids, run, World } from './room-world.fixture.ts'

let world: World
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  world.end()
  vi.useRealTimers()
})

describe('sending a member away', () => {
  const together = (count: number) => {
    world = new World()
    return world.together(count)
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
