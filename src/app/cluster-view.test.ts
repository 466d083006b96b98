import { describe, expect, it } from 'vitest'
import { parseRunConfig, type RunConfig, type RunConfigInput, type StepEvent } from '../engine/index.ts'
import { zeroPayload } from '../p2p/index.ts'
import { edgesOf, isNextRunDifferent, participants, plannedExchange, simulatedSeats, waitingFor, workersOf } from './cluster-view.ts'
import { MetricsStore } from './metrics/metrics-store.ts'
import { memberOf, roomWith, runWith, without } from './state.fixture.ts'
import type { RunState } from './state.ts'

const roomOf = (...ids: string[]) => roomWith(ids.map((id, rank) => memberOf(id, rank)))
const gossip = (topology: RunConfig['topology']) => parseRunConfig({ topology })
const runOf = (ids: string[], phase: RunState['phase'], config: RunConfigInput = {}, lost: string[] = []) =>
  without(runWith(ids, phase, { config: parseRunConfig(config) }), lost)

describe('participants', () => {
  it('are the tabs of the room before a run', () => {
    expect(participants(roomOf('a', 'b'), null).map(({ id, rank }) => [id, rank])).toEqual([
      ['a', 0],
      ['b', 1],
    ])
  })

  it('keep their seats when others go, and list newcomers as watching', () => {
    const all = participants(roomOf('b', 'c', 'd'), runOf(['a', 'b', 'c'], 'running', {}, ['a']))
    expect(all.map(({ id, rank, lost }) => [id, rank, lost])).toEqual([
      ['a', 0, true],
      ['b', 1, false],
      ['c', 2, false],
      ['d', null, false],
    ])
  })

  it('keep their ranks when the run is over, because charts and numbers are by rank', () => {
    const run = runOf(['a', 'b'], 'finished', {}, ['a'])
    expect(participants(roomOf('b', 'd'), run).map(({ id, rank }) => [id, rank])).toEqual([
      ['a', 0],
      ['b', 1],
      ['d', null],
    ])
    expect(workersOf(roomOf('b', 'd'), run).map(({ id }) => id)).toEqual(['a', 'b'])
  })
})

describe('what the host has arranged', () => {
  const arranged = roomOf('a', 'b', 'c')
  arranged.members = arranged.members.map((member) => ({ ...member, place: 2 - member.rank, sitsOut: member.id === 'b' }))

  it('gives the ranks of the next run; who sits out watches', () => {
    expect(participants(arranged, null).map(({ id, rank }) => [id, rank])).toEqual([
      ['c', 0],
      ['a', 1],
      ['b', null],
    ])
  })

  it('makes the next run different from the last one', () => {
    expect(isNextRunDifferent(arranged, runOf(['c', 'a'], 'finished'), gossip('ring'))).toBe(false)
    expect(isNextRunDifferent(arranged, runOf(['a', 'c'], 'finished'), gossip('ring'))).toBe(true)
    expect(isNextRunDifferent(arranged, runOf(['c', 'b', 'a'], 'finished'), gossip('ring'))).toBe(true)
  })
})

describe('participants of a simulated run', () => {
  const workers = [0, 1, 2].map((rank) => [`Worker ${rank}`, rank, true])

  it('are its workers by rank, then the tabs, whether it is to come or on screen', () => {
    const run: RunState = { ...runOf([], 'running'), seats: simulatedSeats(3), simulation: { backend: null, preparing: null } }
    for (const all of [participants(roomOf('a', 'b'), null, 3), participants(roomOf('a', 'b'), run, null)])
      expect(all.map(({ name, rank, simulated }) => [name, rank, simulated])).toEqual([
        ...workers,
        ['Tab a', null, false],
        ['Tab b', null, false],
      ])
  })

  it('leave a tab that is busy with them out of what the room would start', () => {
    const room = roomOf('a', 'b', 'c')
    const busy = { ...room, members: room.members.map((member) => ({ ...member, busy: member.id === 'a' })) }
    expect(participants(busy, null).map(({ id, rank }) => [id, rank])).toEqual([
      ['b', 0],
      ['c', 1],
      ['a', null],
    ])
  })
})

describe('isNextRunDifferent', () => {
  it('looks at the number of simulated workers', () => {
    const over: RunState = { ...runOf([], 'finished'), seats: simulatedSeats(3), simulation: { backend: null, preparing: null } }
    expect(isNextRunDifferent(roomOf('a'), over, gossip('ring'), 3)).toBe(false)
    expect(isNextRunDifferent(roomOf('a'), over, gossip('chain'), 3)).toBe(true)
    expect(isNextRunDifferent(roomOf('a'), over, gossip('ring'), 4)).toBe(true)
    expect(isNextRunDifferent(roomOf('a'), over, gossip('ring'), null)).toBe(true)
    expect(isNextRunDifferent(roomOf('a', 'b', 'c'), runOf(['a', 'b', 'c'], 'finished'), gossip('ring'), 3)).toBe(true)
  })

  it('looks at who is here and at the topology, once a run is over', () => {
    const over = runOf(['a', 'b'], 'finished')
    expect(isNextRunDifferent(roomOf('a', 'b'), over, gossip('ring'))).toBe(false)
    expect(isNextRunDifferent(roomOf('a', 'b'), over, gossip('chain'))).toBe(true)
    expect(isNextRunDifferent(roomOf('a', 'b', 'c'), over, gossip('ring'))).toBe(true)
    expect(isNextRunDifferent(roomOf('b', 'c'), over, gossip('ring'))).toBe(true)
    expect(isNextRunDifferent(roomOf('a', 'b', 'c'), runOf(['a', 'b'], 'running'), gossip('chain'))).toBe(false)
    expect(isNextRunDifferent(roomOf('a'), null, gossip('chain'))).toBe(false)
  })
})

describe('plannedExchange', () => {
  it('reads what the form says of the exchange, whatever else is wrong in it', () => {
    const { algorithm, topology } = plannedExchange({ 'algorithm.id': 'd-psgd', topology: 'chain', steps: 'many' })
    expect([algorithm.id, topology]).toEqual(['d-psgd', 'chain'])
  })

  it('reads it of an algorithm for one worker, too', () => {
    expect(plannedExchange({ 'algorithm.id': 'centralized' }).algorithm.id).toBe('centralized')
  })

  it('is the default while that is not valid itself', () => {
    expect(plannedExchange({ topology: 'moebius' })).toEqual(parseRunConfig({}))
  })
})

describe('edgesOf', () => {
  it('links those who are left, each pair once', () => {
    const workers = participants(roomOf('b', 'c', 'd'), runOf(['a', 'b', 'c', 'd'], 'running', {}, ['a']))
    expect(edgesOf('ring', workers).edges.sort()).toEqual([
      [1, 2],
      [1, 3],
      [2, 3],
    ])
  })

  it('links nobody where nobody talks', () => {
    expect(edgesOf(null, participants(roomOf('a', 'b'), null))).toEqual({ edges: [], problem: null })
  })

  it('says why a topology does not exist', () => {
    expect(edgesOf('torus', participants(roomOf('a', 'b', 'c', 'd', 'e'), null)).problem).toMatch(/torus/)
  })
})

describe('waitingFor', () => {
  const step = (rank: number, done: number): StepEvent => ({
    type: 'step',
    rank,
    step: done,
    epoch: 0,
    loss: 1,
    learningRate: 1,
    computeMs: 1,
    exchangeMs: 1,
    encodeMs: 0.5,
    sendMs: 0.2,
    waitMs: 0.3,
    payloadBytes: 0,
    framingBytes: 0,
    payloadByKind: zeroPayload(),
    seconds: 1,
  })

  it('names the neighbor that is furthest behind, at the end of a round only', () => {
    const run = runOf(['a', 'b', 'c'], 'running', { topology: 'chain', algorithm: { id: 'd-sum', localSteps: 2 } })
    const workers = participants(roomOf('a', 'b', 'c'), run)
    const metrics = new MetricsStore()
    for (const event of [step(0, 4), step(1, 3), step(2, 1)]) metrics.add(event)
    const laterMs = performance.now() + 5_000
    expect(waitingFor(0, run, metrics, workers, laterMs)?.id).toBe('b')
    expect(waitingFor(1, run, metrics, workers, laterMs)).toBeNull()
    expect(waitingFor(0, { ...run, phase: 'paused' }, metrics, workers, laterMs)).toBeNull()
  })

  it('takes news that is only late for no waiting', () => {
    const run = runOf(['a', 'b'], 'running')
    const metrics = new MetricsStore()
    for (const event of [step(0, 2), step(1, 1)]) metrics.add(event)
    expect(waitingFor(0, run, metrics, participants(roomOf('a', 'b'), run))).toBeNull()
  })
})
