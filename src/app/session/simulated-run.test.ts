import { beforeEach, describe, expect, it } from 'vitest'
import { type BackendChoice, type FinishedEvent, parseRunConfig } from '../../engine/index.ts'
import { zeroPayload } from '../../p2p/index.ts'
import type { RunState } from '../state.ts'
import type { WorkerCommand } from '../worker/protocol.ts'
import { type RunNews, SimulatedRun } from './simulated-run.ts'

const config = parseRunConfig({ workers: 3, steps: 12 })
const backend: BackendChoice = { name: 'wasm', reason: 'test', adapter: null, hardware: false, selfTest: null }
const facts = { backend, parameters: 10, shards: [[1], [1], [1]], shardSize: 1, spectralGap: 0.5 }
const finished = (rank: number): FinishedEvent => ({
  type: 'finished',
  rank,
  steps: 12,
  parameters: 10,
  parametersSha256: 'a'.repeat(64),
  sentBytes: { payload: 1, framing: 1, control: 1, byKind: { ...zeroPayload(), model: 1 } },
  serverScalars: { up: 0, down: 0 },
  imagesPerSecond: 1,
  seconds: 1,
})

let orders: WorkerCommand[]
let busy: boolean[]
let shown: (RunState | null)[]
let run: SimulatedRun
const types = () => orders.map(({ type }) => type)
/** News of its run, without its id. */
const tell = (news: RunNews extends infer T ? (T extends RunNews ? Omit<T, 'run'> : never) : never) =>
  run.onWorker({ ...news, run: run.getState()?.id ?? '' } as RunNews)

beforeEach(() => {
  orders = []
  busy = []
  shown = []
  run = new SimulatedRun({ post: (order) => orders.push(order), datasetsUrl: '/datasets/', setBusy: (now) => busy.push(now) })
  run.listen({ onState: (state) => shown.push(state), onMetric: () => {} })
})

describe('a simulated run', () => {
  it('is prepared, trains when the workers are ready, and is finished when all of them are', () => {
    run.start(config)
    expect(run.getState()).toMatchObject({ phase: 'preparing', simulation: { backend: null, preparing: null } })
    expect(run.getState()?.seats.map(({ name }) => name)).toEqual(['Worker 0', 'Worker 1', 'Worker 2'])
    tell({ type: 'progress', stage: 'data', fraction: 0.5 })
    expect(run.getState()?.simulation?.preparing).toEqual({ stage: 'data', fraction: 0.5 })
    tell({ type: 'ready', ...facts })
    expect(run.getState()).toMatchObject({ phase: 'running', shards: facts.shards, simulation: { backend, preparing: null } })
    expect(types()).toEqual(['simulate', 'go'])
    for (const rank of [2, 0]) tell({ type: 'metric', event: finished(rank) })
    expect(run.getState()?.phase).toBe('running')
    expect(busy).toEqual([true])
    tell({ type: 'metric', event: finished(1) })
    expect(run.getState()?.phase).toBe('finished')
    expect(busy).toEqual([true, false])
    expect(shown.at(-1)?.phase).toBe('finished')
  })

  it('is paused once however often that is asked, and goes on for one round or for good', () => {
    run.start(config)
    tell({ type: 'ready', ...facts })
    run.pause()
    run.pause()
    expect(orders.slice(2)).toEqual([{ type: 'runUntil', step: 0 }])
    tell({ type: 'paused', step: 4 })
    expect(run.getState()?.phase).toBe('paused')
    run.pause()
    run.stepRound()
    expect(run.getState()?.phase).toBe('running')
    tell({ type: 'paused', step: 5 })
    run.resume()
    expect(orders.slice(3)).toEqual([
      { type: 'runUntil', step: 0 },
      { type: 'runUntil', step: null },
    ])
    expect(run.getState()?.phase).toBe('running')
  })

  it('cannot be steered before it trains or after it is over', () => {
    expect(() => run.resume()).toThrow(/no run to steer/)
    run.start(config)
    expect(() => run.pause()).toThrow(/still being prepared/)
    run.stop()
    expect(() => run.stepRound()).toThrow(/no run to steer/)
    expect(types()).toEqual(['simulate', 'stop'])
  })

  it('keeps what it was when stopped, whatever the worker says later', () => {
    run.start(config)
    run.stop()
    tell({ type: 'ready', ...facts })
    tell({ type: 'failed', message: 'aborted' })
    expect(run.getState()).toMatchObject({ phase: 'stopped', message: '', simulation: { preparing: null } })
    expect(types()).not.toContain('go')
    run.forget()
    expect(run.getState()).toBeNull()
  })

  it('says why it failed, and takes no news of another run', () => {
    run.start(config)
    const first = run.getState()?.id ?? ''
    tell({ type: 'failed', message: 'no such data' })
    expect(run.getState()).toMatchObject({ phase: 'failed', message: 'no such data' })
    run.start(config)
    run.onWorker({ type: 'failed', run: first, message: 'late' })
    expect(run.getState()?.phase).toBe('preparing')
  })

  it('tells what happens while it trains', () => {
    run.start(config)
    tell({ type: 'ready', ...facts })
    tell({ type: 'metric', event: { type: 'view', rank: 0, step: 3, view: 2, members: 3, message: 'worker 1 has another device' } })
    expect(run.getState()).toMatchObject({ phase: 'running', message: 'worker 1 has another device' })
  })

  it('is refused while the tab is in another run', () => {
    run.start(config)
    expect(() => run.start(config)).toThrow('A run is under way. Stop it first.')
    const taken = new SimulatedRun({
      post: (order) => orders.push(order),
      datasetsUrl: '',
      setBusy: () => {
        throw new Error('takes part in a run of the room')
      },
    })
    expect(() => taken.start(config)).toThrow('takes part in a run of the room')
    expect(taken.getState()).toBeNull()
    expect(types()).toEqual(['simulate'])
  })
})
