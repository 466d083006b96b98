import { describe, expect, it, vi } from 'vitest'
import { backend, config, facts, freshWorld, type Page, phases } from './coordinator-world.fixture.ts'

const world = freshWorld()

describe('starting', () => {
  it('is asked for by anybody, and begins when all are ready', async () => {
    const [a, b, c] = world.join('a', 'b', 'c')
    const started = b.coordinator.start({ ...config, workers: 17 })
    await world.settle()
    await started
    expect(phases(world.pages)).toEqual(['preparing', 'preparing', 'preparing'])
    expect(a.orders).toEqual([
      {
        type: 'prepare',
        run: a.run,
        config: expect.objectContaining({ workers: 3, steps: 20 }),
        view: { number: 1, members: ['a', 'b', 'c'] },
        self: 'a',
      },
    ])
    expect(a.run).toMatch(/^[0-9a-f]{32}$/)
    expect(b.run).toBe(a.run)
    b.ready()
    c.ready()
    await world.settle()
    expect(a.types()).toEqual(['prepare'])
    expect(a.state.seats.map((seat) => seat.ready)).toEqual([false, true, true])
    a.ready()
    await world.settle()
    expect(phases(world.pages)).toEqual(['running', 'running', 'running'])
    for (const page of world.pages) expect(page.types()).toEqual(['prepare', 'go'])
    expect(c.state).toMatchObject({ coordinatorId: 'a', participates: true, facts, until: null })
    expect(c.state.backends).toEqual({ a: backend, b: backend, c: backend })
  })

  it('works alone', async () => {
    const [a] = await world.running('a')
    expect(a.types()).toEqual(['prepare', 'go'])
    expect(a.state.config?.workers).toBe(1)
  })

  it('names what is wrong with a configuration', async () => {
    const [, b] = world.join('a', 'b')
    const refused = expect(b.coordinator.start({ ...config, alpha: -1 })).rejects.toThrow(/alpha: got -1/)
    await world.settle()
    await refused
    expect(phases(world.pages)).toEqual(['idle', 'idle'])
  })

  it('is refused while a run is under way', async () => {
    const [a, b] = await world.running('a', 'b')
    await expect(a.coordinator.start(config)).rejects.toThrow('A run is under way. Stop it first.')
    const refused = expect(b.coordinator.start(config)).rejects.toThrow('A run is under way')
    await world.settle()
    await refused
  })

  it('tells who failed to prepare, and stops the others', async () => {
    const [a, b, c] = await world.prepared('a', 'b', 'c')
    a.ready()
    b.coordinator.onWorker({ type: 'failed', run: b.run, message: 'the data set cifar10 is not there' })
    await world.settle()
    expect(phases(world.pages)).toEqual(['failed', 'failed', 'failed'])
    expect(c.state.message).toBe('Tab 2: the data set cifar10 is not there')
    expect(a.types()).toEqual(['prepare', 'stop'])
    c.ready()
    await world.settle()
    expect(phases(world.pages)).toEqual(['failed', 'failed', 'failed'])
  })

  it('shows progress, and names those who make none', async () => {
    const [a, b] = await world.prepared('a', 'b', 'c')
    b.coordinator.onWorker({ type: 'progress', run: b.run, stage: 'data', fraction: 0.5 })
    b.coordinator.flush()
    await world.settle()
    expect(a.state.seats[1].preparing).toEqual({ stage: 'data', fraction: 0.5 })
    a.ready()
    vi.advanceTimersByTime(50_000)
    b.coordinator.onWorker({ type: 'progress', run: b.run, stage: 'data', fraction: 0.6 })
    b.coordinator.flush()
    await world.settle()
    vi.advanceTimersByTime(11_000)
    a.coordinator.flush()
    await world.settle()
    expect(phases(world.pages)).toEqual(['failed', 'failed', 'failed'])
    expect(b.state.message).toMatch(/^Not ready, and no progress for 60 s: Tab 3\./)
  })

  it('waits with `ready` until this page can reach everybody', async () => {
    const [a, b] = world.join('a', 'b', 'c')
    b.room.connecting.add('c')
    b.room.changed()
    const started = a.coordinator.start(config)
    await world.settle()
    await started
    for (const page of world.pages) page.ready()
    await world.settle()
    expect(a.state.seats.map((seat) => seat.ready)).toEqual([true, false, true])
    b.room.connecting.clear()
    b.room.changed()
    await world.settle()
    expect(phases(world.pages)).toEqual(['running', 'running', 'running'])
  })

  it('waits a little for members without a channel, then leaves them out', async () => {
    const [a, , c] = world.join('a', 'b', 'c')
    a.room.connecting.add('c')
    a.room.changed()
    const started = a.coordinator.start(config)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(a.state.phase).toBe('idle')
    await vi.advanceTimersByTimeAsync(2_000)
    await started
    await world.settle()
    expect(a.state.view?.members).toEqual(['a', 'b'])
    expect(c.state).toMatchObject({ phase: 'preparing', participates: false })
    expect(c.orders).toEqual([])
  })

  it('is refused by a locked room unless its host asks', async () => {
    const [a, b] = world.join('a', 'b')
    world.rooms.locked = true
    for (const page of world.pages) page.room.changed()
    const refused = expect(b.coordinator.start(config)).rejects.toThrow(
      'The room is locked: only its host (Tab 1) can start, pause or stop runs.',
    )
    await world.settle()
    await refused
    const started = a.coordinator.start(config)
    await world.settle()
    await started
    expect(b.state.phase).toBe('preparing')
    const alsoRefused = expect(b.coordinator.stop()).rejects.toThrow(/locked/)
    await world.settle()
    await alsoRefused
  })

  it('says so when the host does not answer, or goes', async () => {
    const [, b] = world.join('a', 'b')
    const unanswered = expect(b.coordinator.start(config)).rejects.toThrow('Tab 1 does not answer. Try again.')
    world.rooms.drop('b', 'a')
    await vi.advanceTimersByTimeAsync(10_000)
    await unanswered
    const lost = expect(b.coordinator.start(config)).rejects.toThrow('Tab 1 is gone: it left the room. Try again.')
    world.rooms.drop('b', 'a')
    world.rooms.leave('a')
    await lost
  })
})

describe('a busy page', () => {
  const hello = (page: Page) => page.coordinator.onWorker({ type: 'hello', backend })

  it('is left out of a start, gets no orders, and takes part again when it is free', async () => {
    const [a, b, c] = world.join('a', 'b', 'c')
    for (const page of world.pages) hello(page)
    b.coordinator.setBusy(true)
    const [d] = world.join('d')
    await world.settle()
    for (const page of [a, c, d]) expect(page.state.busy).toEqual(['b'])
    const started = c.coordinator.start(config)
    await world.settle()
    await started
    expect(a.state.view?.members).toEqual(['a', 'c', 'd'])
    expect(b.state).toMatchObject({ phase: 'preparing', participates: false })
    expect(b.orders).toEqual([])
    for (const page of [a, c, d]) page.ready()
    await world.settle()
    expect(phases(world.pages)).toEqual(['running', 'running', 'running', 'running'])

    const stopped = c.coordinator.stop()
    await world.settle()
    await stopped
    b.coordinator.setBusy(false)
    await world.settle()
    const again = c.coordinator.start(config)
    await world.settle()
    await again
    expect(a.state.view?.members).toEqual(['a', 'b', 'c', 'd'])
  })

  it('has left its last run behind: that gives no order any more', async () => {
    const [a, b] = await world.running('a', 'b')
    for (const page of [a, b]) {
      page.train(20)
      page.finish()
    }
    await world.settle()
    expect(phases(world.pages)).toEqual(['finished', 'finished'])
    b.coordinator.setBusy(true)
    await world.settle()
    const orders = b.types()
    expect(orders.at(-1)).toBe('stop')
    const started = a.coordinator.start(config)
    await world.settle()
    await started
    expect(b.types()).toEqual(orders)
  })

  it('that is host starts nothing, and says why', async () => {
    const [a, b] = world.join('a', 'b')
    a.coordinator.setBusy(true)
    const refused = expect(b.coordinator.start(config)).rejects.toThrow(
      'Tab 1, the host of this room, is busy with simulated workers. Stop them there, or wait until they are done.',
    )
    await world.settle()
    await refused
  })

  it('refuses a run that began before the others could know', async () => {
    const [a, b] = world.join('a', 'b')
    hello(b)
    const started = a.coordinator.start(config)
    b.coordinator.setBusy(true)
    await world.settle()
    await started
    expect(a.state).toMatchObject({ phase: 'failed', message: expect.stringContaining('Tab 2: it has just become busy') })
    expect(b.orders).toEqual([])
  })

  it('cannot be one that trains in a run of the room', async () => {
    const [a] = await world.running('a', 'b')
    expect(() => a.coordinator.setBusy(true)).toThrow('This tab takes part in a run of the room. Stop that first.')
    expect(a.types()).toEqual(['prepare', 'go'])
  })
})
