import { afterEach, beforeEach, vi } from 'vitest'
import type { MetricEvent, RunConfigInput } from '../../engine/index.ts'
import { zeroPayload } from '../../p2p/index.ts'
import { stepEvent } from '../events.fixture.ts'
import { RunCoordinator } from './coordinator.ts'
import { type FakeRoom, FakeRooms } from './fake-room.ts'
import type { WorkerOrder } from './types.ts'

export const backend = { name: 'wasm' as const, reason: 'test', adapter: null, hardware: false, selfTest: null }
export const facts = { parameters: 66_730, shards: [[1, 2]], shardSize: 3, spectralGap: 0.5 }
export const config: RunConfigInput = { steps: 20, evaluateEvery: 0, algorithm: { id: 'd-sum', localSteps: 4 } }

/** A page with a worker that does as it is told, when it is told. */
export class Page {
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
    for (let i = 0; i < steps; i++) this.metric(stepEvent(this.rank, ++this.step))
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

/** Pages in one room, as far as they have come in. */
class World {
  rooms = new FakeRooms()
  pages: Page[] = []

  /** Leaves everybody behind. */
  begin(): void {
    this.rooms = new FakeRooms()
    this.pages = []
  }

  end(): void {
    for (const page of this.pages) page.coordinator.close()
  }

  async settle(): Promise<void> {
    this.rooms.deliver()
    await Promise.resolve()
    this.rooms.deliver()
  }

  join(...ids: string[]): Page[] {
    const joined = ids.map((id) => new Page(this.rooms.join(id)))
    this.pages.push(...joined)
    this.rooms.deliver()
    return joined
  }

  async start(page: Page): Promise<void> {
    const started = page.coordinator.start(config)
    await this.settle()
    await started
  }

  async prepared(...ids: string[]): Promise<Page[]> {
    const joined = this.join(...ids)
    await this.start(joined[0])
    return joined
  }

  /** Those who are to train report that they are ready. */
  async allReady(of: Page[]): Promise<void> {
    for (const page of of.filter(({ state }) => state.participates)) {
      page.rank = page.state.view?.members.indexOf(page.room.selfId) ?? -1
      page.ready()
    }
    await this.settle()
  }

  async running(...ids: string[]): Promise<Page[]> {
    const joined = await this.prepared(...ids)
    await this.allReady(joined)
    return joined
  }
}

/** A new world before each test of a file, on a clock that stands still until it is advanced. */
export function freshWorld(): World {
  const world = new World()
  beforeEach(() => {
    vi.useFakeTimers()
    world.begin()
  })
  afterEach(() => {
    world.end()
    vi.useRealTimers()
  })
  return world
}

export const phases = (of: Page[]) => of.map((page) => page.state.phase)
