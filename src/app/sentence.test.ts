import { expect, it } from 'vitest'
import { evaluationEvent } from '../cluster/events.fixture.ts'
import { parseRunConfig, type RunConfigInput } from '../engine/index.ts'
import { MetricsStore } from './metrics/metrics-store.ts'
import { sentence, startSummary } from './sentence.ts'
import { memberOf, roomWith, runWith } from './state.fixture.ts'
import type { RunPhase } from './state.ts'

const room = (count: number) => roomWith(Array.from({ length: count }, (_, rank) => memberOf(String(rank + 1), rank)))
const run = (phase: RunPhase, message = '') => runWith(['1', '2'], phase, { message })
const evaluated = (averagedAccuracy: number, accuracies: number[], consensusDistance = 1) => {
  const metrics = new MetricsStore()
  accuracies.forEach((accuracy, rank) => {
    metrics.add(evaluationEvent(rank, 10, { accuracy, averagedAccuracy, consensusDistance, payloadBytes: 2e6 }))
  })
  return metrics
}
const none = new MetricsStore()

it('says what to do before a run', () => {
  expect(sentence({ room: room(1), run: null, metrics: none, draft: {}, simulated: false })).toMatch(/open another tab/)
  expect(sentence({ room: room(3), run: null, metrics: none, draft: {}, simulated: false })).toMatch(/^You are Tab 1, one of 3 tabs/)
  expect(sentence({ room: room(3), run: null, metrics: none, draft: { alpha: '-1' }, simulated: false })).toMatch(/Dirichlet α/)
})

it('offers simulated workers where the room cannot be found', () => {
  const told = { run: null, metrics: none, draft: {}, simulated: false }
  const connecting = { ...room(1), phase: 'connecting' as const }
  expect(sentence({ ...told, room: connecting })).toMatch(/looking for others/)
  expect(sentence({ ...told, room: { ...connecting, message: 'The signalling server is out of reach.' } })).toMatch(/Simulate here/)
})

it('says who steers, and who sits out or was removed', () => {
  const told = { run: null, metrics: none, draft: {}, simulated: false }
  const student = room(3)
  student.members = student.members.map((member) => ({ ...member, self: member.rank === 1, sitsOut: member.rank === 1 }))
  expect(sentence({ ...told, room: student })).toMatch(/^You are Tab 2, and sit out the next run/)
  expect(sentence({ ...told, room: { ...student, locked: true } })).toMatch(/^You are Tab 2, and sit out the next run/)
  const training = student.members.map((member) => ({ ...member, sitsOut: false }))
  expect(sentence({ ...told, room: { ...student, members: training, locked: true } })).toMatch(/The teacher steers this room/)
  expect(startSummary({ room: { ...student, locked: true }, draft: {}, simulated: false })).toBeNull()
  expect(startSummary({ room: { ...student, locked: true }, draft: {}, simulated: true })).toMatch(/4 simulated workers/)
  expect(sentence({ ...told, room: room(3) })).toMatch(/one of 3 tabs: at Start, pressed in any of them,/)
  expect(sentence({ ...told, room: { ...room(3), locked: true } })).toMatch(/one of 3 tabs: at Start, pressed here,/)
  expect(sentence({ ...told, room: student, run: { ...run('running'), seats: run('running').seats.slice(0, 1) } })).toMatch(
    /This tab sits out/,
  )
  expect(sentence({ ...told, room: { ...room(1), phase: 'removed' } })).toMatch(/^The host has removed this tab/)
})

it('says in a few words what Start would do', () => {
  const draft = { steps: '500' }
  expect(startSummary({ room: room(2), draft, simulated: false })).toBe('Start: 2 workers, Small CNN on Shapes-10, 500 steps')
  expect(startSummary({ room: room(2), draft: { ...draft, workers: '1' }, simulated: true })).toMatch(/1 simulated worker,/)
  expect(startSummary({ room: room(2), draft: { steps: '-1' }, simulated: false })).toBeNull()
})

it('says what simulated workers are, also without a room', () => {
  const told = { room: { ...room(2), phase: 'failed' as const }, metrics: none, draft: { workers: '8' }, simulated: true }
  expect(sentence({ ...told, run: null })).toMatch(/8 simulated workers in this tab/)
  expect(sentence({ ...told, run: null, simulated: false })).toMatch(/not in a room/)
  const simulation = { backend: null, preparing: null }
  expect(sentence({ ...told, run: { ...run('preparing'), simulation } })).toMatch(/simulated workers get ready/)
  const seats = [{ id: 'worker-0', name: 'Worker 0', lost: false }]
  expect(sentence({ ...told, run: { ...run('running'), simulation, seats } })).toMatch(/Choose more workers/)
})

it('says what the numbers of a run mean', () => {
  expect(sentence({ room: room(2), run: run('running'), metrics: evaluated(0.5, [0.4, 0.4]), draft: {}, simulated: false })).toMatch(
    /drifted apart/,
  )
  expect(sentence({ room: room(2), run: run('running'), metrics: evaluated(0.4, [0.5, 0.3]), draft: {}, simulated: false })).toMatch(
    /worst worker is 10.0 %/,
  )
  expect(sentence({ room: room(2), run: run('finished'), metrics: evaluated(0.53, [0.5, 0.5]), draft: {}, simulated: false })).toMatch(
    /53.0 % .* 2.0 MB/,
  )
})

it('says what is special about this tab or this cluster', () => {
  const late = { ...run('running'), seats: [{ id: 'other', name: 'Tab 9', lost: false }] }
  expect(sentence({ room: room(1), run: late, metrics: none, draft: {}, simulated: false })).toMatch(/watches/)
  const equal = evaluated(0.5, [0.5, 0.5], 5e-7)
  expect(sentence({ room: room(2), run: run('running'), metrics: equal, draft: {}, simulated: false })).toMatch(/all models are equal/)
  expect(sentence({ room: room(2), run: run('finished'), metrics: equal, draft: {}, simulated: false })).toMatch(/chain/)
})

it('advises what the run has not done yet', () => {
  const advice = (config: RunConfigInput, equal = false, tabs = 2) => {
    const ran = { ...run('finished'), config: parseRunConfig(config) }
    const metrics = evaluated(0.5, [0.5, 0.5], equal ? 0 : 1)
    return sentence({ room: room(tabs), run: ran, metrics, draft: {}, simulated: false })
  }
  expect(advice({})).toMatch(/8 local steps/)
  expect(advice({ algorithm: { id: 'd-sum', localSteps: 4 } })).toMatch(/a single local step/)
  expect(advice({ algorithm: { id: 'local' } })).toMatch(/sent nothing\. Try D-SUM/)
  expect(advice({ algorithm: { id: 'gmc' } }, true)).toMatch(/Try DMSGD/)
  expect(advice({ algorithm: { id: 'choco-sgd' } })).toMatch(/Try D-PSGD/)
  expect(advice({ algorithm: { id: 'dmsgd' } }, true)).toMatch(/fewer bytes/)
})

it('speaks of gossip only where neighbors gossip', () => {
  const during = (id: string) => {
    const running = { ...run('running'), config: parseRunConfig({ algorithm: { id } }) }
    return sentence({ room: room(2), run: running, metrics: none, draft: {}, simulated: false })
  }
  expect(during('d-sum')).toMatch(/gossips with its neighbors/)
  expect(during('dmsgd')).toMatch(/averages with all others/)
  expect(during('local')).toMatch(/tells nobody/)
})

it('counts the tabs that have come during a run of one', () => {
  const told = { run: run('finished'), metrics: evaluated(0.5, [0.5]), draft: {}, simulated: false }
  expect(sentence({ ...told, room: room(1) })).toMatch(/Open another tab/)
  expect(sentence({ ...told, room: room(3) })).toMatch(/all 3 tabs train together/)
})

it('says what to do where the room has too many tabs for the algorithm', () => {
  const told = { run: null, metrics: none, draft: { 'algorithm.id': 'centralized' }, simulated: false }
  expect(sentence({ ...told, room: room(2) })).toMatch(/choose “Simulated here”/)
  expect(sentence({ ...told, room: room(1) })).toMatch(/^You are Tab 1/)
})

it('says why a run ended', () => {
  expect(sentence({ room: room(2), run: run('failed', 'no data'), metrics: none, draft: {}, simulated: false })).toMatch(/no data/)
})
