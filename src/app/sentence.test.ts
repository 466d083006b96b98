import { expect, it } from 'vitest'
import { type EvaluationEvent, parseRunConfig } from '../engine/index.ts'
import { MetricsStore } from './metrics/metrics-store.ts'
import { sentence } from './sentence.ts'
import type { Member, RoomState, RunPhase, RunState } from './store.ts'

const member = (rank: number): Member => ({
  id: `p${rank}`,
  name: `Tab ${rank + 1}`,
  rank,
  self: rank === 0,
  host: rank === 0,
  link: 'open',
  hidden: false,
  backend: null,
  preparing: null,
})
const room = (count: number): RoomState => ({
  phase: 'open',
  name: 'lobby',
  secret: '',
  message: '',
  locked: false,
  members: Array.from({ length: count }, (_, i) => member(i)),
  links: [],
})
const run = (phase: RunPhase, message = ''): RunState => ({
  id: 'r1',
  config: parseRunConfig({}),
  phase,
  seats: [0, 1].map((rank) => ({ id: `p${rank}`, name: `Tab ${rank + 1}`, lost: false })),
  shards: null,
  spectralGap: null,
  parameters: null,
  message,
})
const evaluated = (averagedAccuracy: number, accuracies: number[], consensusDistance = 1) => {
  const metrics = new MetricsStore()
  accuracies.forEach((accuracy, rank) => {
    const event: EvaluationEvent = {
      type: 'evaluation',
      rank,
      step: 10,
      epoch: 1,
      accuracy,
      loss: 1,
      averagedAccuracy,
      averagedLoss: 1,
      consensusDistance,
      payloadBytes: 2e6,
      framingBytes: 0,
      seconds: 1,
    }
    metrics.add(event)
  })
  return metrics
}
const none = new MetricsStore()

it('says what to do before a run', () => {
  expect(sentence({ room: room(1), run: null, metrics: none, draft: {} })).toMatch(/open another tab/)
  expect(sentence({ room: room(3), run: null, metrics: none, draft: {} })).toMatch(/^3 tabs/)
  expect(sentence({ room: room(3), run: null, metrics: none, draft: { alpha: '-1' } })).toMatch(/Dirichlet α/)
})

it('says what the numbers of a run mean', () => {
  expect(sentence({ room: room(2), run: run('running'), metrics: evaluated(0.5, [0.4, 0.4]), draft: {} })).toMatch(/drifted apart/)
  expect(sentence({ room: room(2), run: run('running'), metrics: evaluated(0.4, [0.5, 0.3]), draft: {} })).toMatch(/worst worker is 10.0 %/)
  expect(sentence({ room: room(2), run: run('finished'), metrics: evaluated(0.53, [0.5, 0.5]), draft: {} })).toMatch(/53.0 % .* 2.0 MB/)
})

it('says what is special about this tab or this cluster', () => {
  const late = { ...run('running'), seats: [{ id: 'other', name: 'Tab 9', lost: false }] }
  expect(sentence({ room: room(1), run: late, metrics: none, draft: {} })).toMatch(/watches/)
  const equal = evaluated(0.5, [0.5, 0.5], 5e-7)
  expect(sentence({ room: room(2), run: run('running'), metrics: equal, draft: {} })).toMatch(/all models are equal/)
  expect(sentence({ room: room(2), run: run('finished'), metrics: equal, draft: {} })).toMatch(/chain/)
})

it('says why a run ended', () => {
  expect(sentence({ room: room(2), run: run('failed', 'no data'), metrics: none, draft: {} })).toMatch(/no data/)
})
