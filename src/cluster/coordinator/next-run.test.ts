import { describe, expect, it } from 'vitest'
import { config, freshWorld, Page, phases } from './coordinator-world.fixture.ts'

const world = freshWorld()

describe('assigning the next run', () => {
  it('gives the ranks in that order, the host still coordinating; newcomers come last', async () => {
    const [a, b, c] = world.join('a', 'b', 'c')
    a.coordinator.assign({ order: ['c', 'a', 'b'], sitOut: [] })
    const [d] = world.join('d')
    await world.settle()
    for (const page of world.pages) expect(page.state.assignment).toEqual({ order: ['c', 'a', 'b'], sitOut: [] })
    await world.start(d)
    for (const page of world.pages) {
      expect(page.state).toMatchObject({ view: { number: 1, members: ['c', 'a', 'b', 'd'] }, coordinatorId: 'a' })
      expect(page.state.seats.map(({ id }) => id)).toEqual(['c', 'a', 'b', 'd'])
    }
    expect(b.orders).toEqual([expect.objectContaining({ type: 'prepare', view: { number: 1, members: ['c', 'a', 'b', 'd'] }, self: 'b' })])
    await world.allReady(world.pages)
    c.train(1)
    c.coordinator.flush()
    await world.settle()
    expect(phases(world.pages)).toEqual(['running', 'running', 'running', 'running'])
    expect(a.heard).toEqual(['c step 0'])
  })

  it('lets tabs sit out: they watch, also the host, which still steers', async () => {
    const [a, b, c] = world.join('a', 'b', 'c')
    a.coordinator.assign({ order: ['a', 'b', 'c'], sitOut: ['a'] })
    await world.start(a)
    for (const page of world.pages)
      expect(page.state).toMatchObject({ view: { members: ['b', 'c'] }, coordinatorId: 'a', config: { workers: 2 } })
    expect(a.state.participates).toBe(false)
    expect(() => a.coordinator.setBusy(true)).toThrow('This tab takes part in a run of the room. Stop that first.')
    await world.allReady([b, c])
    expect(phases(world.pages)).toEqual(['running', 'running', 'running'])
    const paused = c.coordinator.pause()
    await world.settle()
    await paused
    b.trainToLimit()
    c.trainToLimit()
    await world.settle()
    expect(phases(world.pages)).toEqual(['paused', 'paused', 'paused'])
    await a.coordinator.resume()
    await world.settle()
    for (const page of [b, c]) page.finish()
    await world.settle()
    expect(phases(world.pages)).toEqual(['finished', 'finished', 'finished'])
    expect(a.orders).toEqual([])
  })

  it('has a worker take over from a host that sat out and is gone', async () => {
    const [a, b, c, d] = world.join('a', 'b', 'c', 'd')
    a.coordinator.assign({ order: ['d', 'c', 'b', 'a'], sitOut: ['a'] })
    await world.start(a)
    await world.allReady([b, c, d])
    world.rooms.leave('a')
    await world.settle()
    for (const page of [b, c, d]) {
      expect(page.state).toMatchObject({ phase: 'running', coordinatorId: 'b', view: { number: 2, members: ['d', 'c', 'b'] } })
      expect(page.types()).toEqual(['prepare', 'go', 'view'])
    }
    world.rooms.leave('b')
    await world.settle()
    expect(c.state).toMatchObject({ phase: 'running', coordinatorId: 'c', view: { number: 3, members: ['d', 'c'] } })
    await c.coordinator.stop()
    await world.settle()
    expect(d.state.phase).toBe('stopped')
    await world.start(d)
    expect(c.state.view?.members).toEqual(['d', 'c'])
  })

  it('ends a run whose host sat out when its last worker is gone', async () => {
    const [a, b] = world.join('a', 'b')
    a.coordinator.assign({ order: [], sitOut: ['a'] })
    await world.start(a)
    await world.allReady([b])
    world.rooms.leave('b')
    await world.settle()
    expect(a.state).toMatchObject({ phase: 'stopped', message: 'Tab 2 is gone: it left the room. No worker of the run is left.' })
    await expect(a.coordinator.start(config)).rejects.toThrow('Nobody would train: every tab sits out the next run, or is busy.')
    a.coordinator.assign({ order: [], sitOut: [] })
    await world.start(a)
    expect(a.state).toMatchObject({ phase: 'preparing', view: { members: ['a'] } })
  })

  it('is for the host only', async () => {
    const [a, b] = world.join('a', 'b')
    expect(() => b.coordinator.assign({ order: ['b', 'a'], sitOut: [] })).toThrow('Only the host of the room assigns the workers')
    world.rooms.put('b', 'a', { type: 'run/assignment', assignment: { order: ['b', 'a'], sitOut: ['a'] } })
    await world.settle()
    expect(a.state.assignment).toEqual({ order: [], sitOut: [] })
    expect(a.coordinator.drops).toEqual({ malformed: 0, ignored: 1 })
  })
})

describe('a new host', () => {
  const makeHost = (id: string) => {
    world.rooms.hostId = id
    for (const page of world.pages) page.room.changed()
  }

  it('steers the run under way, which its coordinator goes on with, also in a locked room', async () => {
    const [a, b, c] = await world.running('a', 'b', 'c')
    world.rooms.locked = true
    makeHost('c')
    const refused = expect(b.coordinator.pause()).rejects.toThrow('only its host (Tab 3) can start, pause or stop runs.')
    await world.settle()
    await refused
    await expect(a.coordinator.pause()).rejects.toThrow('only its host (Tab 3)')
    const paused = c.coordinator.pause()
    await world.settle()
    await paused
    for (const page of world.pages) page.trainToLimit()
    await world.settle()
    expect(phases(world.pages)).toEqual(['paused', 'paused', 'paused'])
    expect(b.state.coordinatorId).toBe('a')
    world.rooms.leave('a')
    await world.settle()
    const stopped = c.coordinator.stop()
    await world.settle()
    await stopped
    expect(b.state).toMatchObject({ phase: 'stopped', message: 'Stopped by Tab 3.' })
  })

  it('coordinates the next run before all others, and answers instead of the one before', async () => {
    const [a, b] = world.join('a', 'b', 'c')
    const early = expect(b.coordinator.start(config)).rejects.toThrow('The host of the room is Tab 3 now. Try again.')
    makeHost('c')
    await world.settle()
    await early
    await world.start(b)
    for (const page of world.pages) expect(page.state).toMatchObject({ coordinatorId: 'c', view: { members: ['a', 'b', 'c'] } })
    await world.allReady(world.pages)
    world.rooms.leave('c')
    await world.settle()
    for (const page of [a, b]) expect(page.state).toMatchObject({ phase: 'running', coordinatorId: 'a', view: { members: ['a', 'b'] } })
  })

  it('keeps the assignment of the one before, and gives it to those who have not heard it', async () => {
    const [a, b, c] = world.join('a', 'b', 'c')
    const assignment = { order: ['c', 'b', 'a'], sitOut: ['b'] }
    a.coordinator.assign(assignment)
    world.rooms.deliver()
    const d = new Page(world.rooms.join('d'))
    const e = new Page(world.rooms.join('e'))
    world.pages.push(d, e)
    for (const id of ['d', 'e']) world.rooms.drop('a', id)
    world.rooms.deliver()
    makeHost('c')
    // it has said so before this one knew that it is host; so this one asks
    world.rooms.drop('c', 'e')
    await world.settle()
    for (const page of world.pages) expect(page.state.assignment).toEqual(assignment)
    expect(() => a.coordinator.assign({ order: [], sitOut: [] })).toThrow('Only the host of the room assigns')
    c.coordinator.assign({ order: [], sitOut: ['a'] })
    await world.settle()
    for (const page of [a, b, d]) expect(page.state.assignment).toEqual({ order: [], sitOut: ['a'] })
  })
})
