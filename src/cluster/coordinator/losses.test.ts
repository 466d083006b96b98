import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { config, facts, freshWorld, phases } from './coordinator-world.fixture.ts'

const world = freshWorld()

describe('losing members', () => {
  it('ends the run on a page that the host has sent away, and goes on without it', async () => {
    const [a, b, c] = await world.running('a', 'b', 'c')
    b.room.left = true
    b.room.changed()
    world.rooms.leave('b')
    await world.settle()
    expect(b.state).toMatchObject({ phase: 'stopped', message: 'This tab has left the room.' })
    expect(b.types()).toEqual(['prepare', 'go', 'stop'])
    for (const page of [a, c]) expect(page.state).toMatchObject({ phase: 'running', view: { number: 2, members: ['a', 'c'] } })
  })

  it('goes on with the rest, and keeps their seats', async () => {
    const [a, b, c] = await world.running('a', 'b', 'c')
    world.rooms.leave('b')
    await world.settle()
    expect(a.orders.at(-1)).toEqual({
      type: 'view',
      view: { number: 2, members: ['a', 'c'] },
      message: 'Tab 2 is gone: it left the room. The run goes on with 2 workers.',
    })
    expect(c.orders.at(-1)).toEqual(a.orders.at(-1))
    expect(a.state.seats.map(({ id, lost }) => [id, lost])).toEqual([
      ['a', false],
      ['b', true],
      ['c', false],
    ])
    c.train(1)
    c.coordinator.flush()
    await world.settle()
    expect(a.heard).toEqual(['c step 2'])
    a.finish()
    c.finish()
    await world.settle()
    expect([a.state.phase, c.state.phase]).toEqual(['finished', 'finished'])
    expect(b.state.phase).toBe('running')
  })

  it('finishes when only the lost one was missing, and pauses so too', async () => {
    const [a, b] = await world.running('a', 'b', 'c')
    await a.coordinator.pause()
    await world.settle()
    a.trainToLimit()
    b.trainToLimit()
    world.rooms.leave('c')
    await world.settle()
    expect([a.state.phase, b.state.phase]).toEqual(['paused', 'paused'])
    a.finish()
    world.rooms.leave('b')
    await world.settle()
    expect(a.state.phase).toBe('finished')
  })

  it('fails a run that is being prepared, with the reason', async () => {
    const [a, , c] = await world.prepared('a', 'b', 'c')
    world.rooms.leave('b')
    await world.settle()
    expect([a.state.phase, c.state.phase]).toEqual(['failed', 'failed'])
    expect(c.state.message).toBe('Tab 2 is gone: it left the room. The run was still being prepared: start it again.')
    expect(c.types().at(-1)).toBe('stop')
  })

  it('fails it also when the host goes', async () => {
    const [, b, c] = await world.prepared('a', 'b', 'c')
    world.rooms.leave('a')
    await world.settle()
    expect([b.state.phase, c.state.phase]).toEqual(['failed', 'failed'])
    expect(c.state.message).toMatch(/^Tab 1 is gone/)
    const again = c.coordinator.start(config)
    await world.settle()
    await again
    expect(b.state.view?.members).toEqual(['b', 'c'])
  })

  it.each([
    ['b', 'c', 'd'],
    ['d', 'c', 'b'],
    ['c', 'd', 'b'],
  ])('has the next rank take over, in whatever order they learn of it (%s %s %s)', async (...order) => {
    const [, b, c, d] = await world.running('a', 'b', 'c', 'd')
    world.rooms.leave('a', { toldTo: [] })
    for (const id of order) {
      world.rooms.tellLoss(id, 'a', 'Tab 1')
      world.rooms.deliver()
    }
    for (const page of [b, c, d]) {
      expect(page.state).toMatchObject({ phase: 'running', coordinatorId: 'b', view: { number: 2, members: ['b', 'c', 'd'] } })
      expect(page.orders.filter((o) => o.type === 'view')).toHaveLength(1)
    }
    const paused = d.coordinator.pause()
    await world.settle()
    await paused
    for (const page of [b, c, d]) page.trainToLimit()
    await world.settle()
    expect(b.state.phase).toBe('paused')
  })

  it('gives its worker the word to go when it came only with the successor', async () => {
    const [a, b, c] = await world.prepared('a', 'b', 'c')
    for (const page of [a, b, c]) page.ready()
    world.rooms.deliverOne('b a')
    world.rooms.deliverOne('c a')
    for (const key of ['b a', 'c a']) for (let i = 0; i < 5; i++) world.rooms.deliverOne(key)
    expect(a.state.phase).toBe('running')
    for (let i = 0; i < 9; i++) world.rooms.deliverOne('a b')
    expect(b.state.phase).toBe('running')
    world.rooms.drop('a', 'c')
    world.rooms.leave('a')
    await world.settle()
    expect(c.state).toMatchObject({ phase: 'running', view: { number: 2, members: ['b', 'c'] } })
    expect(c.types()).toEqual(['prepare', 'go', 'view'])
  })

  it('ignores the old coordinator once there is a new one', async () => {
    const [a, b, c] = await world.running('a', 'b', 'c')
    const old = { ...a.state }
    world.rooms.leave('a')
    await world.settle()
    const status = {
      run: old.run,
      number: 99,
      config: old.config,
      participants: ['a', 'b', 'c'].map((id) => ({ id, name: id })),
      view: old.view,
      steering: ['a', 'b', 'c'],
      phase: 'stopped',
      until: null,
      message: '',
      facts: null,
    }
    const { ignored } = c.coordinator.drops
    world.rooms.put('a', 'c', { type: 'run/status', status })
    await world.settle()
    expect([b.state.phase, c.state.phase]).toEqual(['running', 'running'])
    expect(c.coordinator.drops.ignored).toBe(ignored + 1)
  })

  it('lets a tab that was cut off watch when it is back, and the larger group train on', async () => {
    const [a, b, c] = await world.running('a', 'b', 'c')
    // c and the others lose each other, then c comes back
    world.rooms.rooms.delete('c')
    world.rooms.tellLoss('a', 'c', 'Tab 3')
    world.rooms.tellLoss('b', 'c', 'Tab 3')
    c.room.lossHandlers.forEach((handler) => handler('a', 'Tab 1 is gone.'))
    c.room.lossHandlers.forEach((handler) => handler('b', 'Tab 2 is gone.'))
    await world.settle()
    expect(c.state).toMatchObject({ phase: 'running', view: { members: ['c'] } })
    world.rooms.rooms.set('c', c.room)
    for (const page of world.pages) page.room.changed()
    await world.settle()
    expect(c.state).toMatchObject({ phase: 'running', participates: false, coordinatorId: 'a', view: { number: 2, members: ['a', 'b'] } })
    expect(c.types().at(-1)).toBe('stop')
    expect(a.state.view).toEqual({ number: 2, members: ['a', 'b'] })
    expect(b.state.participates).toBe(true)
  })
})

describe('a worker on a new device', () => {
  it('gets a new view of the same members, and everybody is told', async () => {
    const [a, b] = await world.running('a', 'b')
    b.coordinator.onWorker({ type: 'renewView', run: b.run, message: 'the device was lost.' })
    await world.settle()
    for (const page of [a, b]) {
      const message = 'Tab 2: the device was lost.'
      expect(page.orders.filter(({ type }) => type === 'view')).toEqual([
        { type: 'view', view: { number: 2, members: ['a', 'b'] }, message },
      ])
      expect(page.state).toMatchObject({ phase: 'running', message })
    }
  })

  it('gets it also when it coordinates itself', async () => {
    const [a] = await world.running('a', 'b')
    a.coordinator.onWorker({ type: 'renewView', run: a.run, message: 'the device was lost.' })
    await world.settle()
    expect(world.pages.map((page) => page.orders.filter(({ type }) => type === 'view').length)).toEqual([1, 1])
  })
})

describe('watching', () => {
  it('tells newcomers the state of the run and all metrics from then on, and has them in the next', async () => {
    const [a, b] = await world.running('a', 'b')
    a.train(2)
    const [late] = world.join('late')
    await world.settle()
    expect(late.state).toMatchObject({ phase: 'running', participates: false, facts, coordinatorId: 'a' })
    expect(late.orders).toEqual([])
    for (const page of world.pages) page.coordinator.flush()
    await world.settle()
    expect(late.heard).toEqual(['a step 0', 'a step 0'])
    late.coordinator.flush()
    expect(late.state.seats.map((seat) => seat.step)).toEqual([2, 0])
    const paused = late.coordinator.pause()
    await world.settle()
    await paused
    expect(b.limit).toBe(4)
    await a.coordinator.stop()
    const next = late.coordinator.start(config)
    await world.settle()
    await next
    expect(late.state).toMatchObject({ participates: true, config: { workers: 3 } })
  })

  it('ends when all workers are gone', async () => {
    const [a, b] = await world.running('a', 'b')
    const [late] = world.join('late')
    world.rooms.leave('a')
    world.rooms.leave('b')
    await world.settle()
    expect(late.state).toMatchObject({ phase: 'stopped', message: 'Tab 2 is gone: it left the room. No worker of the run is left.' })
    expect([a.types().at(-1), b.types().at(-1)]).toEqual(['go', 'view'])
    await late.coordinator.start(config)
    expect(late.state).toMatchObject({ phase: 'preparing', config: { workers: 1 } })
  })
})

describe('any order of delivery', () => {
  it('brings all that are left to the same end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 5 }),
        fc.array(fc.nat(20), { minLength: 10, maxLength: 10 }),
        fc.array(fc.nat(4), { maxLength: 3 }),
        fc.shuffledSubarray(['p0', 'p1', 'p2', 'p3', 'p4'], { minLength: 5 }),
        fc.boolean(),
        async (count, picks, leavers, order, hostSitsOut) => {
          world.begin()
          let turn = 0
          const pick = () => picks[turn++ % picks.length]
          let left = world.join(...Array.from({ length: count }, (_, i) => `p${i}`))
          left[0].coordinator.assign({ order, sitOut: hostSitsOut ? ['p0'] : [] })
          await world.start(left[0])
          await world.allReady(left)
          const workersLeft = () => left.filter((page) => page.state.participates)
          for (const leaver of leavers) {
            if (workersLeft().length === 1) break
            const gone = left[leaver % left.length]
            left = left.filter((page) => page !== gone)
            for (const page of workersLeft()) page.train(1)
            world.rooms.leave(gone.room.selfId)
            for (const page of left) page.coordinator.flush()
            world.rooms.deliver(pick)
          }
          const workers = workersLeft()
          const ids = workers.map((page) => page.room.selfId)
          for (const page of left) expect(page.state.view?.members).toEqual(order.filter((id) => ids.includes(id)))
          const paused = left[0].coordinator.pause()
          world.rooms.deliver(pick)
          await paused
          for (const page of workers) page.trainToLimit()
          world.rooms.deliver(pick)
          expect(new Set(phases(left))).toEqual(new Set(['paused']))
          for (const page of workers) page.finish()
          world.rooms.deliver(pick)
          expect(new Set(phases(left))).toEqual(new Set(['finished']))
        },
      ),
      { numRuns: 40 },
    )
  })
})
