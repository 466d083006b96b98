import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MetricEvent, RunConfigInput } from '../engine/index.ts'
import { zeroPayload } from '../p2p/index.ts'
import { RunCoordinator } from './coordinator.ts'
import type { WorkerOrder } from './coordinator-types.ts'
import { type FakeRoom, FakeRooms } from './fake-room.ts'

const backend = { name: 'wasm' as const, reason: 'test', adapter: null, hardware: false, selfTest: null }
const facts = { parameters: 66_730, shards: [[1, 2]], shardSize: 3, spectralGap: 0.5 }
const config: RunConfigInput = { steps: 20, evaluateEvery: 0, algorithm: { id: 'd-sum', localSteps: 4 } }

/** A page with a worker that does as it is told, when it is told. */
class Page {
  readonly coordinator: RunCoordinator
  readonly orders: WorkerOrder[] = []
  readonly heard: string[] = []
  step = 0
  rank = 0

  constructor(readonly room: FakeRoom) {
    this.coordinator = new RunCoordinator(room, { post: (order) => this.orders.push(structuredClone(order)) })
    this.coordinator.onMetrics((events, from) => events.forEach((event) => this.heard.push(`${from} ${event.type} ${event.rank}`)))
  }

  get state() {
    return this.coordinator.getState()
  }

  get run(): string {
    const order = this.orders.findLast((o) => o.type === 'prepare')
    return order?.type === 'prepare' ? order.run : ''
  }

  types(): string[] {
    return this.orders.map((order) => order.type)
  }

  ready(): void {
    this.coordinator.onWorker({ type: 'ready', run: this.run, backend, ...facts })
  }

  train(steps: number): void {
    for (let i = 0; i < steps; i++)
      this.metric({
        type: 'step',
        rank: this.rank,
        step: ++this.step,
        epoch: 0.1,
        loss: 1,
        learningRate: 0.1,
        computeMs: 1,
        exchangeMs: 1,
        encodeMs: 0.5,
        sendMs: 0.2,
        waitMs: 0.3,
        payloadBytes: 10,
        framingBytes: 1,
        payloadByKind: { ...zeroPayload(), model: 10 },
        seconds: 1,
      })
  }

  /** Trains up to the limit, as the trainer would, and says so. */
  trainToLimit(): void {
    const limit = this.limit
    if (limit === null) return
    this.train(Math.max(0, limit - this.step))
    this.coordinator.onWorker({ type: 'paused', run: this.run, step: this.step })
  }

  get limit(): number | null {
    const order = this.orders.findLast((o) => o.type === 'runUntil')
    return order?.type === 'runUntil' ? order.step : null
  }

  finish(): void {
    this.metric({
      type: 'finished',
      rank: this.rank,
      steps: this.step,
      parameters: 10,
      serverScalars: { up: 0, down: 0 },
      parametersSha256: 'a'.repeat(64),
      sentBytes: { payload: 1, framing: 1, control: 1, byKind: { ...zeroPayload(), model: 1 } },
      imagesPerSecond: Number.POSITIVE_INFINITY,
      seconds: 1,
    })
  }

  metric(event: MetricEvent): void {
    this.coordinator.onWorker({ type: 'metric', run: this.run, event })
  }
}

let rooms: FakeRooms
let pages: Page[]
const settle = async () => {
  rooms.deliver()
  await Promise.resolve()
  rooms.deliver()
}

beforeEach(() => {
  vi.useFakeTimers()
  rooms = new FakeRooms()
  pages = []
})
afterEach(() => {
  for (const page of pages) page.coordinator.close()
  vi.useRealTimers()
})

function join(...ids: string[]): Page[] {
  const joined = ids.map((id) => new Page(rooms.join(id)))
  pages.push(...joined)
  rooms.deliver()
  return joined
}

async function start(page: Page): Promise<void> {
  const started = page.coordinator.start(config)
  await settle()
  await started
}

async function prepared(...ids: string[]): Promise<Page[]> {
  const joined = join(...ids)
  await start(joined[0])
  return joined
}

/** Those who are to train report that they are ready. */
async function allReady(of: Page[]): Promise<void> {
  for (const page of of.filter(({ state }) => state.participates)) {
    page.rank = page.state.view?.members.indexOf(page.room.selfId) ?? -1
    page.ready()
  }
  await settle()
}

async function running(...ids: string[]): Promise<Page[]> {
  const joined = await prepared(...ids)
  await allReady(joined)
  return joined
}

const phases = (of: Page[]) => of.map((page) => page.state.phase)

describe('a busy page', () => {
  const hello = (page: Page) => page.coordinator.onWorker({ type: 'hello', backend })

  it('is left out of a start, gets no orders, and takes part again when it is free', async () => {
    const [a, b, c] = join('a', 'b', 'c')
    for (const page of pages) hello(page)
    b.coordinator.setBusy(true)
    const [d] = join('d')
    await settle()
    for (const page of [a, c, d]) expect(page.state.busy).toEqual(['b'])
    const started = c.coordinator.start(config)
    await settle()
    await started
    expect(a.state.view?.members).toEqual(['a', 'c', 'd'])
    expect(b.state).toMatchObject({ phase: 'preparing', participates: false })
    expect(b.orders).toEqual([])
    for (const page of [a, c, d]) page.ready()
    await settle()
    expect(phases(pages)).toEqual(['running', 'running', 'running', 'running'])

    const stopped = c.coordinator.stop()
    await settle()
    await stopped
    b.coordinator.setBusy(false)
    await settle()
    const again = c.coordinator.start(config)
    await settle()
    await again
    expect(a.state.view?.members).toEqual(['a', 'b', 'c', 'd'])
  })

  it('has left its last run behind: that gives no order any more', async () => {
    const [a, b] = await running('a', 'b')
    for (const page of [a, b]) {
      page.train(20)
      page.finish()
    }
    await settle()
    expect(phases(pages)).toEqual(['finished', 'finished'])
    b.coordinator.setBusy(true)
    await settle()
    const orders = b.types()
    expect(orders.at(-1)).toBe('stop')
    const started = a.coordinator.start(config)
    await settle()
    await started
    expect(b.types()).toEqual(orders)
  })

  it('that is host starts nothing, and says why', async () => {
    const [a, b] = join('a', 'b')
    a.coordinator.setBusy(true)
    const refused = expect(b.coordinator.start(config)).rejects.toThrow(
      'Tab 1, the host of this room, is busy with simulated workers. Stop them there, or wait until they are done.',
    )
    await settle()
    await refused
  })

  it('refuses a run that began before the others could know', async () => {
    const [a, b] = join('a', 'b')
    hello(b)
    const started = a.coordinator.start(config)
    b.coordinator.setBusy(true)
    await settle()
    await started
    expect(a.state).toMatchObject({ phase: 'failed', message: expect.stringContaining('Tab 2: it has just become busy') })
    expect(b.orders).toEqual([])
  })

  it('cannot be one that trains in a run of the room', async () => {
    const [a] = await running('a', 'b')
    expect(() => a.coordinator.setBusy(true)).toThrow('This tab takes part in a run of the room. Stop that first.')
    expect(a.types()).toEqual(['prepare', 'go'])
  })
})

describe('starting', () => {
  it('is asked for by anybody, and begins when all are ready', async () => {
    const [a, b, c] = join('a', 'b', 'c')
    const started = b.coordinator.start({ ...config, workers: 17 })
    await settle()
    await started
    expect(phases(pages)).toEqual(['preparing', 'preparing', 'preparing'])
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
    await settle()
    expect(a.types()).toEqual(['prepare'])
    expect(a.state.seats.map((seat) => seat.ready)).toEqual([false, true, true])
    a.ready()
    await settle()
    expect(phases(pages)).toEqual(['running', 'running', 'running'])
    for (const page of pages) expect(page.types()).toEqual(['prepare', 'go'])
    expect(c.state).toMatchObject({ coordinatorId: 'a', participates: true, facts, until: null })
    expect(c.state.backends).toEqual({ a: backend, b: backend, c: backend })
  })

  it('works alone', async () => {
    const [a] = await running('a')
    expect(a.types()).toEqual(['prepare', 'go'])
    expect(a.state.config?.workers).toBe(1)
  })

  it('names what is wrong with a configuration', async () => {
    const [, b] = join('a', 'b')
    const refused = expect(b.coordinator.start({ ...config, alpha: -1 })).rejects.toThrow(/alpha: got -1/)
    await settle()
    await refused
    expect(phases(pages)).toEqual(['idle', 'idle'])
  })

  it('is refused while a run is under way', async () => {
    const [a, b] = await running('a', 'b')
    await expect(a.coordinator.start(config)).rejects.toThrow('A run is under way. Stop it first.')
    const refused = expect(b.coordinator.start(config)).rejects.toThrow('A run is under way')
    await settle()
    await refused
  })

  it('tells who failed to prepare, and stops the others', async () => {
    const [a, b, c] = await prepared('a', 'b', 'c')
    a.ready()
    b.coordinator.onWorker({ type: 'failed', run: b.run, message: 'the data set cifar10 is not there' })
    await settle()
    expect(phases(pages)).toEqual(['failed', 'failed', 'failed'])
    expect(c.state.message).toBe('Tab 2: the data set cifar10 is not there')
    expect(a.types()).toEqual(['prepare', 'stop'])
    c.ready()
    await settle()
    expect(phases(pages)).toEqual(['failed', 'failed', 'failed'])
  })

  it('shows progress, and names those who make none', async () => {
    const [a, b] = await prepared('a', 'b', 'c')
    b.coordinator.onWorker({ type: 'progress', run: b.run, stage: 'data', fraction: 0.5 })
    b.coordinator.flush()
    await settle()
    expect(a.state.seats[1].preparing).toEqual({ stage: 'data', fraction: 0.5 })
    a.ready()
    vi.advanceTimersByTime(50_000)
    b.coordinator.onWorker({ type: 'progress', run: b.run, stage: 'data', fraction: 0.6 })
    b.coordinator.flush()
    await settle()
    vi.advanceTimersByTime(11_000)
    a.coordinator.flush()
    await settle()
    expect(phases(pages)).toEqual(['failed', 'failed', 'failed'])
    expect(b.state.message).toMatch(/^Not ready, and no progress for 60 s: Tab 3\./)
  })

  it('waits with `ready` until this page can reach everybody', async () => {
    const [a, b] = join('a', 'b', 'c')
    b.room.connecting.add('c')
    b.room.changed()
    const started = a.coordinator.start(config)
    await settle()
    await started
    for (const page of pages) page.ready()
    await settle()
    expect(a.state.seats.map((seat) => seat.ready)).toEqual([true, false, true])
    b.room.connecting.clear()
    b.room.changed()
    await settle()
    expect(phases(pages)).toEqual(['running', 'running', 'running'])
  })

  it('waits a little for members without a channel, then leaves them out', async () => {
    const [a, , c] = join('a', 'b', 'c')
    a.room.connecting.add('c')
    a.room.changed()
    const started = a.coordinator.start(config)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(a.state.phase).toBe('idle')
    await vi.advanceTimersByTimeAsync(2_000)
    await started
    await settle()
    expect(a.state.view?.members).toEqual(['a', 'b'])
    expect(c.state).toMatchObject({ phase: 'preparing', participates: false })
    expect(c.orders).toEqual([])
  })

  it('is refused by a locked room unless its host asks', async () => {
    const [a, b] = join('a', 'b')
    rooms.locked = true
    for (const page of pages) page.room.changed()
    const refused = expect(b.coordinator.start(config)).rejects.toThrow(
      'The room is locked: only its host (Tab 1) can start, pause or stop runs.',
    )
    await settle()
    await refused
    const started = a.coordinator.start(config)
    await settle()
    await started
    expect(b.state.phase).toBe('preparing')
    const alsoRefused = expect(b.coordinator.stop()).rejects.toThrow(/locked/)
    await settle()
    await alsoRefused
  })

  it('says so when the host does not answer, or goes', async () => {
    const [, b] = join('a', 'b')
    const unanswered = expect(b.coordinator.start(config)).rejects.toThrow('Tab 1 does not answer. Try again.')
    rooms.drop('b', 'a')
    await vi.advanceTimersByTimeAsync(10_000)
    await unanswered
    const lost = expect(b.coordinator.start(config)).rejects.toThrow('Tab 1 is gone: it left the room. Try again.')
    rooms.drop('b', 'a')
    rooms.leave('a')
    await lost
  })
})

describe('pausing', () => {
  it('is aligned to the end of a round, wherever the workers are', async () => {
    const [a, b, c] = await running('a', 'b', 'c')
    a.train(4)
    b.train(5)
    c.train(3)
    for (const page of pages) page.coordinator.flush()
    await settle()
    const paused = c.coordinator.pause()
    await settle()
    await paused
    expect(pages.map((page) => page.limit)).toEqual([8, 8, 8])
    expect(a.state).toMatchObject({ phase: 'running', until: 8 })
    a.trainToLimit()
    b.trainToLimit()
    await settle()
    expect(a.state.phase).toBe('running')
    c.trainToLimit()
    await settle()
    expect(phases(pages)).toEqual(['paused', 'paused', 'paused'])
    expect(a.state.seats.map((seat) => seat.step)).toEqual([8, 8, 8])
  })

  it('trains one round, then pauses again; and resumes', async () => {
    const [a, b] = await running('a', 'b')
    await a.coordinator.pause()
    await settle()
    for (const page of pages) page.trainToLimit()
    await settle()
    const stepped = b.coordinator.stepRound()
    await settle()
    await stepped
    expect(phases(pages)).toEqual(['running', 'running'])
    expect(pages.map((page) => page.limit)).toEqual([8, 8])
    for (const page of pages) page.trainToLimit()
    await settle()
    expect(phases(pages)).toEqual(['paused', 'paused'])
    const resumed = b.coordinator.resume()
    await settle()
    await resumed
    expect(pages.map((page) => page.limit)).toEqual([null, null])
    expect(a.state).toMatchObject({ phase: 'running', until: null })
  })

  it('takes the others along when a worker is further already', async () => {
    const [a, b] = await running('a', 'b')
    b.train(6)
    const paused = a.coordinator.pause()
    await settle()
    await paused
    expect(pages.map((page) => page.limit)).toEqual([4, 4])
    b.coordinator.flush()
    await settle()
    expect(pages.map((page) => page.limit)).toEqual([8, 8])
    for (const page of pages) page.trainToLimit()
    await settle()
    expect(phases(pages)).toEqual(['paused', 'paused'])
  })

  it('does so too when a worker has just begun the step after the pause', async () => {
    const [a, b] = await running('a', 'b')
    b.train(4)
    await a.coordinator.pause()
    await settle()
    a.trainToLimit()
    b.coordinator.flush()
    await settle()
    expect(pages.map((page) => page.limit)).toEqual([4, 4])
    vi.advanceTimersByTime(1_100)
    b.coordinator.flush()
    await settle()
    expect(pages.map((page) => page.limit)).toEqual([8, 8])
  })

  it('is refused before the run runs, and when there is none', async () => {
    const [a] = join('a', 'b')
    await expect(a.coordinator.pause()).rejects.toThrow('There is no run to steer. Start one first.')
    await a.coordinator.start(config)
    await expect(a.coordinator.pause()).rejects.toThrow('The run is still being prepared.')
  })
})

describe('ending', () => {
  it('is finished when every worker is', async () => {
    const [a, b] = await running('a', 'b')
    a.finish()
    await settle()
    expect(phases(pages)).toEqual(['running', 'running'])
    b.finish()
    await settle()
    expect(phases(pages)).toEqual(['finished', 'finished'])
    expect(b.heard).toEqual(['a finished 0', 'b finished 1'])
    b.coordinator.reset()
    expect(phases(pages)).toEqual(['finished', 'idle'])
    const again = a.coordinator.start(config)
    await settle()
    await again
    expect(phases(pages)).toEqual(['preparing', 'preparing'])
  })

  it('stops when anybody asks, and tells who', async () => {
    const [a, b, c] = await running('a', 'b', 'c')
    a.coordinator.reset()
    expect(a.state.phase).toBe('running')
    const stopped = c.coordinator.stop()
    await settle()
    await stopped
    expect(phases(pages)).toEqual(['stopped', 'stopped', 'stopped'])
    expect(a.state.message).toBe('Stopped by Tab 3.')
    for (const page of [a, b, c]) expect(page.types().at(-1)).toBe('stop')
  })

  it('fails for all when a worker fails', async () => {
    const [a, b] = await running('a', 'b')
    b.coordinator.onWorker({ type: 'failed', run: b.run, message: 'the loss is NaN: training diverged' })
    await settle()
    expect(phases(pages)).toEqual(['failed', 'failed'])
    expect(a.state.message).toBe('Tab 2: the loss is NaN: training diverged')
  })
})

describe('a worker on a new device', () => {
  it('gets a new view of the same members, and everybody is told', async () => {
    const [a, b] = await running('a', 'b')
    b.coordinator.onWorker({ type: 'renewView', run: b.run, message: 'the device was lost.' })
    await settle()
    for (const page of [a, b]) {
      const message = 'Tab 2: the device was lost.'
      expect(page.orders.filter(({ type }) => type === 'view')).toEqual([
        { type: 'view', view: { number: 2, members: ['a', 'b'] }, message },
      ])
      expect(page.state).toMatchObject({ phase: 'running', message })
    }
  })

  it('gets it also when it coordinates itself', async () => {
    const [a] = await running('a', 'b')
    a.coordinator.onWorker({ type: 'renewView', run: a.run, message: 'the device was lost.' })
    await settle()
    expect(pages.map((page) => page.orders.filter(({ type }) => type === 'view').length)).toEqual([1, 1])
  })
})

describe('assigning the next run', () => {
  it('gives the ranks in that order, the host still coordinating; newcomers come last', async () => {
    const [a, b, c] = join('a', 'b', 'c')
    a.coordinator.assign({ order: ['c', 'a', 'b'], sitOut: [] })
    const [d] = join('d')
    await settle()
    for (const page of pages) expect(page.state.assignment).toEqual({ order: ['c', 'a', 'b'], sitOut: [] })
    await start(d)
    for (const page of pages) {
      expect(page.state).toMatchObject({ view: { number: 1, members: ['c', 'a', 'b', 'd'] }, coordinatorId: 'a' })
      expect(page.state.seats.map(({ id }) => id)).toEqual(['c', 'a', 'b', 'd'])
    }
    expect(b.orders).toEqual([expect.objectContaining({ type: 'prepare', view: { number: 1, members: ['c', 'a', 'b', 'd'] }, self: 'b' })])
    await allReady(pages)
    c.train(1)
    c.coordinator.flush()
    await settle()
    expect(phases(pages)).toEqual(['running', 'running', 'running', 'running'])
    expect(a.heard).toEqual(['c step 0'])
  })

  it('lets tabs sit out: they watch, also the host, which still steers', async () => {
    const [a, b, c] = join('a', 'b', 'c')
    a.coordinator.assign({ order: ['a', 'b', 'c'], sitOut: ['a'] })
    await start(a)
    for (const page of pages)
      expect(page.state).toMatchObject({ view: { members: ['b', 'c'] }, coordinatorId: 'a', config: { workers: 2 } })
    expect(a.state.participates).toBe(false)
    expect(() => a.coordinator.setBusy(true)).toThrow('This tab takes part in a run of the room. Stop that first.')
    await allReady([b, c])
    expect(phases(pages)).toEqual(['running', 'running', 'running'])
    const paused = c.coordinator.pause()
    await settle()
    await paused
    b.trainToLimit()
    c.trainToLimit()
    await settle()
    expect(phases(pages)).toEqual(['paused', 'paused', 'paused'])
    await a.coordinator.resume()
    await settle()
    for (const page of [b, c]) page.finish()
    await settle()
    expect(phases(pages)).toEqual(['finished', 'finished', 'finished'])
    expect(a.orders).toEqual([])
  })

  it('has a worker take over from a host that sat out and is gone', async () => {
    const [a, b, c, d] = join('a', 'b', 'c', 'd')
    a.coordinator.assign({ order: ['d', 'c', 'b', 'a'], sitOut: ['a'] })
    await start(a)
    await allReady([b, c, d])
    rooms.leave('a')
    await settle()
    for (const page of [b, c, d]) {
      expect(page.state).toMatchObject({ phase: 'running', coordinatorId: 'b', view: { number: 2, members: ['d', 'c', 'b'] } })
      expect(page.types()).toEqual(['prepare', 'go', 'view'])
    }
    rooms.leave('b')
    await settle()
    expect(c.state).toMatchObject({ phase: 'running', coordinatorId: 'c', view: { number: 3, members: ['d', 'c'] } })
    await c.coordinator.stop()
    await settle()
    expect(d.state.phase).toBe('stopped')
    await start(d)
    expect(c.state.view?.members).toEqual(['d', 'c'])
  })

  it('ends a run whose host sat out when its last worker is gone', async () => {
    const [a, b] = join('a', 'b')
    a.coordinator.assign({ order: [], sitOut: ['a'] })
    await start(a)
    await allReady([b])
    rooms.leave('b')
    await settle()
    expect(a.state).toMatchObject({ phase: 'stopped', message: 'Tab 2 is gone: it left the room. No worker of the run is left.' })
    await expect(a.coordinator.start(config)).rejects.toThrow('Nobody would train: every tab sits out the next run, or is busy.')
    a.coordinator.assign({ order: [], sitOut: [] })
    await start(a)
    expect(a.state).toMatchObject({ phase: 'preparing', view: { members: ['a'] } })
  })

  it('is for the host only', async () => {
    const [a, b] = join('a', 'b')
    expect(() => b.coordinator.assign({ order: ['b', 'a'], sitOut: [] })).toThrow('Only the host of the room assigns the workers')
    rooms.put('b', 'a', { type: 'run/assignment', assignment: { order: ['b', 'a'], sitOut: ['a'] } })
    await settle()
    expect(a.state.assignment).toEqual({ order: [], sitOut: [] })
    expect(a.coordinator.drops).toEqual({ malformed: 0, ignored: 1 })
  })
})

describe('a new host', () => {
  const makeHost = (id: string) => {
    rooms.hostId = id
    for (const page of pages) page.room.changed()
  }

  it('steers the run under way, which its coordinator goes on with, also in a locked room', async () => {
    const [a, b, c] = await running('a', 'b', 'c')
    rooms.locked = true
    makeHost('c')
    const refused = expect(b.coordinator.pause()).rejects.toThrow('only its host (Tab 3) can start, pause or stop runs.')
    await settle()
    await refused
    await expect(a.coordinator.pause()).rejects.toThrow('only its host (Tab 3)')
    const paused = c.coordinator.pause()
    await settle()
    await paused
    for (const page of pages) page.trainToLimit()
    await settle()
    expect(phases(pages)).toEqual(['paused', 'paused', 'paused'])
    expect(b.state.coordinatorId).toBe('a')
    rooms.leave('a')
    await settle()
    const stopped = c.coordinator.stop()
    await settle()
    await stopped
    expect(b.state).toMatchObject({ phase: 'stopped', message: 'Stopped by Tab 3.' })
  })

  it('coordinates the next run before all others, and answers instead of the one before', async () => {
    const [a, b] = join('a', 'b', 'c')
    const early = expect(b.coordinator.start(config)).rejects.toThrow('The host of the room is Tab 3 now. Try again.')
    makeHost('c')
    await settle()
    await early
    await start(b)
    for (const page of pages) expect(page.state).toMatchObject({ coordinatorId: 'c', view: { members: ['a', 'b', 'c'] } })
    await allReady(pages)
    rooms.leave('c')
    await settle()
    for (const page of [a, b]) expect(page.state).toMatchObject({ phase: 'running', coordinatorId: 'a', view: { members: ['a', 'b'] } })
  })

  it('keeps the assignment of the one before, and gives it to those who have not heard it', async () => {
    const [a, b, c] = join('a', 'b', 'c')
    const assignment = { order: ['c', 'b', 'a'], sitOut: ['b'] }
    a.coordinator.assign(assignment)
    rooms.deliver()
    const d = new Page(rooms.join('d'))
    const e = new Page(rooms.join('e'))
    pages.push(d, e)
    for (const id of ['d', 'e']) rooms.drop('a', id)
    rooms.deliver()
    makeHost('c')
    // it has said so before this one knew that it is host; so this one asks
    rooms.drop('c', 'e')
    await settle()
    for (const page of pages) expect(page.state.assignment).toEqual(assignment)
    expect(() => a.coordinator.assign({ order: [], sitOut: [] })).toThrow('Only the host of the room assigns')
    c.coordinator.assign({ order: [], sitOut: ['a'] })
    await settle()
    for (const page of [a, b, d]) expect(page.state.assignment).toEqual({ order: [], sitOut: ['a'] })
  })
})

describe('losing members', () => {
  it('ends the run on a page that the host has sent away, and goes on without it', async () => {
    const [a, b, c] = await running('a', 'b', 'c')
    b.room.left = true
    b.room.changed()
    rooms.leave('b')
    await settle()
    expect(b.state).toMatchObject({ phase: 'stopped', message: 'This tab has left the room.' })
    expect(b.types()).toEqual(['prepare', 'go', 'stop'])
    for (const page of [a, c]) expect(page.state).toMatchObject({ phase: 'running', view: { number: 2, members: ['a', 'c'] } })
  })

  it('goes on with the rest, and keeps their seats', async () => {
    const [a, b, c] = await running('a', 'b', 'c')
    rooms.leave('b')
    await settle()
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
    await settle()
    expect(a.heard).toEqual(['c step 2'])
    a.finish()
    c.finish()
    await settle()
    expect([a.state.phase, c.state.phase]).toEqual(['finished', 'finished'])
    expect(b.state.phase).toBe('running')
  })

  it('finishes when only the lost one was missing, and pauses so too', async () => {
    const [a, b] = await running('a', 'b', 'c')
    await a.coordinator.pause()
    await settle()
    a.trainToLimit()
    b.trainToLimit()
    rooms.leave('c')
    await settle()
    expect([a.state.phase, b.state.phase]).toEqual(['paused', 'paused'])
    a.finish()
    rooms.leave('b')
    await settle()
    expect(a.state.phase).toBe('finished')
  })

  it('fails a run that is being prepared, with the reason', async () => {
    const [a, , c] = await prepared('a', 'b', 'c')
    rooms.leave('b')
    await settle()
    expect([a.state.phase, c.state.phase]).toEqual(['failed', 'failed'])
    expect(c.state.message).toBe('Tab 2 is gone: it left the room. The run was still being prepared: start it again.')
    expect(c.types().at(-1)).toBe('stop')
  })

  it('fails it also when the host goes', async () => {
    const [, b, c] = await prepared('a', 'b', 'c')
    rooms.leave('a')
    await settle()
    expect([b.state.phase, c.state.phase]).toEqual(['failed', 'failed'])
    expect(c.state.message).toMatch(/^Tab 1 is gone/)
    const again = c.coordinator.start(config)
    await settle()
    await again
    expect(b.state.view?.members).toEqual(['b', 'c'])
  })

  it.each([
    ['b', 'c', 'd'],
    ['d', 'c', 'b'],
    ['c', 'd', 'b'],
  ])('has the next rank take over, in whatever order they learn of it (%s %s %s)', async (...order) => {
    const [, b, c, d] = await running('a', 'b', 'c', 'd')
    rooms.leave('a', { toldTo: [] })
    for (const id of order) {
      rooms.tellLoss(id, 'a', 'Tab 1')
      rooms.deliver()
    }
    for (const page of [b, c, d]) {
      expect(page.state).toMatchObject({ phase: 'running', coordinatorId: 'b', view: { number: 2, members: ['b', 'c', 'd'] } })
      expect(page.orders.filter((o) => o.type === 'view')).toHaveLength(1)
    }
    const paused = d.coordinator.pause()
    await settle()
    await paused
    for (const page of [b, c, d]) page.trainToLimit()
    await settle()
    expect(b.state.phase).toBe('paused')
  })

  it('gives its worker the word to go when it came only with the successor', async () => {
    const [a, b, c] = await prepared('a', 'b', 'c')
    for (const page of [a, b, c]) page.ready()
    rooms.deliverOne('b a')
    rooms.deliverOne('c a')
    for (const key of ['b a', 'c a']) for (let i = 0; i < 5; i++) rooms.deliverOne(key)
    expect(a.state.phase).toBe('running')
    for (let i = 0; i < 9; i++) rooms.deliverOne('a b')
    expect(b.state.phase).toBe('running')
    rooms.drop('a', 'c')
    rooms.leave('a')
    await settle()
    expect(c.state).toMatchObject({ phase: 'running', view: { number: 2, members: ['b', 'c'] } })
    expect(c.types()).toEqual(['prepare', 'go', 'view'])
  })

  it('ignores the old coordinator once there is a new one', async () => {
    const [a, b, c] = await running('a', 'b', 'c')
    const old = { ...a.state }
    rooms.leave('a')
    await settle()
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
    rooms.put('a', 'c', { type: 'run/status', status })
    await settle()
    expect([b.state.phase, c.state.phase]).toEqual(['running', 'running'])
    expect(c.coordinator.drops.ignored).toBe(ignored + 1)
  })

  it('lets a tab that was cut off watch when it is back, and the larger group train on', async () => {
    const [a, b, c] = await running('a', 'b', 'c')
    // c and the others lose each other, then c comes back
    rooms.rooms.delete('c')
    rooms.tellLoss('a', 'c', 'Tab 3')
    rooms.tellLoss('b', 'c', 'Tab 3')
    c.room.lossHandlers.forEach((handler) => handler('a', 'Tab 1 is gone.'))
    c.room.lossHandlers.forEach((handler) => handler('b', 'Tab 2 is gone.'))
    await settle()
    expect(c.state).toMatchObject({ phase: 'running', view: { members: ['c'] } })
    rooms.rooms.set('c', c.room)
    for (const page of pages) page.room.changed()
    await settle()
    expect(c.state).toMatchObject({ phase: 'running', participates: false, coordinatorId: 'a', view: { number: 2, members: ['a', 'b'] } })
    expect(c.types().at(-1)).toBe('stop')
    expect(a.state.view).toEqual({ number: 2, members: ['a', 'b'] })
    expect(b.state.participates).toBe(true)
  })
})

describe('watching', () => {
  it('tells newcomers the state of the run and all metrics from then on, and has them in the next', async () => {
    const [a, b] = await running('a', 'b')
    a.train(2)
    const [late] = join('late')
    await settle()
    expect(late.state).toMatchObject({ phase: 'running', participates: false, facts, coordinatorId: 'a' })
    expect(late.orders).toEqual([])
    for (const page of pages) page.coordinator.flush()
    await settle()
    expect(late.heard).toEqual(['a step 0', 'a step 0'])
    late.coordinator.flush()
    expect(late.state.seats.map((seat) => seat.step)).toEqual([2, 0])
    const paused = late.coordinator.pause()
    await settle()
    await paused
    expect(b.limit).toBe(4)
    await a.coordinator.stop()
    const next = late.coordinator.start(config)
    await settle()
    await next
    expect(late.state).toMatchObject({ participates: true, config: { workers: 3 } })
  })

  it('ends when all workers are gone', async () => {
    const [a, b] = await running('a', 'b')
    const [late] = join('late')
    rooms.leave('a')
    rooms.leave('b')
    await settle()
    expect(late.state).toMatchObject({ phase: 'stopped', message: 'Tab 2 is gone: it left the room. No worker of the run is left.' })
    expect([a.types().at(-1), b.types().at(-1)]).toEqual(['go', 'view'])
    await late.coordinator.start(config)
    expect(late.state).toMatchObject({ phase: 'preparing', config: { workers: 1 } })
  })
})

describe('messages from peers', () => {
  it('drops and counts what is malformed', async () => {
    const [a, b] = await running('a', 'b')
    const before = a.state
    const status = {
      run: a.run,
      number: 50,
      config: before.config,
      participants: [{ id: 'a', name: 'A' }],
      view: { number: 9, members: ['b'] },
      steering: ['b'],
      phase: 'stopped',
      until: null,
      message: '',
      facts: null,
    }
    const bad: unknown[] = [
      null,
      7,
      'run/status',
      {},
      { type: 'run/status' },
      { type: 'run/status', status },
      { type: 'run/status', status: { ...status, participants: [{ id: 'b', name: 'B' }], steering: ['a'] } },
      { type: 'run/assignment', assignment: { order: 'alphabetical', sitOut: [] } },
      { type: 'run/ask', id: 1, ask: { type: 'explode' } },
    ]
    bad.push(
      { type: 'run/report', run: a.run, report: { type: 'ready' } },
      { type: 'run/sync', more: true },
      { type: 'run/metrics', run: a.run, events: 'many' },
    )
    for (const body of bad) rooms.put('b', 'a', body)
    await settle()
    expect(a.coordinator.drops.malformed).toBe(bad.length)
    expect(a.state).toBe(before)
    expect(b.state.phase).toBe('running')
  })

  it('survives any JSON', async () => {
    const [a, b] = await running('a', 'b')
    const types = fc.constantFrom('run/status', 'run/ask', 'run/answer', 'run/report', 'run/metrics', 'run/profile', 'run/sync')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.record({
            type: types,
            run: fc.constant(a.run),
            status: fc.jsonValue(),
            report: fc.jsonValue(),
            events: fc.array(fc.jsonValue()),
          }),
        ),
        (body) => {
          rooms.put('b', 'a', body)
          rooms.deliver()
          expect(a.state.phase).toBe('running')
        },
      ),
    )
    expect(b.state.phase).toBe('running')
  })

  it('takes no status from somebody who does not coordinate', async () => {
    const [a, , c] = await running('a', 'b', 'c')
    const participants = ['a', 'b', 'c'].map((id) => ({ id, name: id }))
    const status = {
      run: a.run,
      number: 50,
      config: a.state.config,
      participants,
      view: { number: 9, members: ['b', 'c'] },
      steering: ['b', 'c'],
      phase: 'stopped',
      until: null,
      message: '',
      facts: null,
    }
    rooms.put('b', 'c', { type: 'run/status', status })
    rooms.put('b', 'c', { type: 'run/status', status: { ...status, run: '0'.repeat(32), phase: 'preparing' } })
    await settle()
    expect(c.state.phase).toBe('running')
    expect(c.coordinator.drops.ignored).toBe(2)
    expect(c.types()).toEqual(['prepare', 'go'])
  })

  it('takes metrics of a worker only from itself', async () => {
    const [a, b] = await running('a', 'b')
    const [late] = join('late')
    const event = {
      type: 'step',
      rank: 1,
      step: 1,
      epoch: 0.1,
      loss: null,
      learningRate: 0.1,
      computeMs: 1,
      exchangeMs: 1,
      encodeMs: 0.5,
      sendMs: 0.2,
      waitMs: 0.3,
      payloadBytes: 10,
      framingBytes: 1,
      payloadByKind: { ...zeroPayload(), model: 10 },
      seconds: 1,
    }
    rooms.put('a', 'b', { type: 'run/metrics', run: a.run, events: [event] })
    rooms.put('late', 'b', { type: 'run/metrics', run: a.run, events: [event] })
    rooms.put('a', 'b', { type: 'run/metrics', run: '0'.repeat(32), events: [{ ...event, rank: 0 }] })
    rooms.put('a', 'b', {
      type: 'run/metrics',
      run: a.run,
      events: [
        { ...event, rank: 0 },
        { ...event, rank: 0, loss: 'low' },
      ],
    })
    await settle()
    expect(b.heard).toEqual(['a step 0'])
    expect(b.coordinator.drops).toEqual({ malformed: 1, ignored: 3 })
    expect(late.state.phase).toBe('running')
  })

  it('sends metrics in batches', async () => {
    const [a, b] = await running('a', 'b')
    const sent = vi.spyOn(a.room, 'broadcast')
    a.train(20)
    expect(sent).not.toHaveBeenCalled()
    a.coordinator.flush()
    a.coordinator.flush()
    expect(sent).toHaveBeenCalledTimes(1)
    await settle()
    expect(b.heard).toHaveLength(20)
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
          rooms = new FakeRooms()
          pages = []
          let turn = 0
          const pick = () => picks[turn++ % picks.length]
          let left = join(...Array.from({ length: count }, (_, i) => `p${i}`))
          left[0].coordinator.assign({ order, sitOut: hostSitsOut ? ['p0'] : [] })
          await start(left[0])
          await allReady(left)
          const workersLeft = () => left.filter((page) => page.state.participates)
          for (const leaver of leavers) {
            if (workersLeft().length === 1) break
            const gone = left[leaver % left.length]
            left = left.filter((page) => page !== gone)
            for (const page of workersLeft()) page.train(1)
            rooms.leave(gone.room.selfId)
            for (const page of left) page.coordinator.flush()
            rooms.deliver(pick)
          }
          const workers = workersLeft()
          const ids = workers.map((page) => page.room.selfId)
          for (const page of left) expect(page.state.view?.members).toEqual(order.filter((id) => ids.includes(id)))
          const paused = left[0].coordinator.pause()
          rooms.deliver(pick)
          await paused
          for (const page of workers) page.trainToLimit()
          rooms.deliver(pick)
          expect(new Set(phases(left))).toEqual(new Set(['paused']))
          for (const page of workers) page.finish()
          rooms.deliver(pick)
          expect(new Set(phases(left))).toEqual(new Set(['finished']))
        },
      ),
      { numRuns: 40 },
    )
  })
})
