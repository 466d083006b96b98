import { beforeEach, expect, it } from 'vitest'
import { finishedEvent, stepEvent } from '../../cluster/events.fixture.ts'
import { parseRunConfig } from '../../engine/index.ts'
import { storeOf } from '../metrics/store.fixture.ts'
import type { RunPhase, RunState } from '../state.ts'
import { useLab } from '../store.ts'
import { keptRunOf } from './kept-run.ts'
import { leaveReplay, openReplay, playReplay, seekReplay } from './replay.ts'

const runOf = (id: string, phase: RunPhase): RunState => ({
  id,
  config: parseRunConfig({ workers: 1 }),
  phase,
  seats: [{ id: 'a', name: 'A', lost: false }],
  shards: [[3]],
  spectralGap: 1,
  parameters: 10,
  message: '',
  simulation: null,
})
const recorded = storeOf([...[1, 2, 3, 4].map((step) => stepEvent(0, step)), finishedEvent(0, 4)])
const kept = (id: string) => keptRunOf(runOf(id, 'finished'), recorded, { members: [] }, 0)
const own = { run: runOf('own', 'finished'), metrics: storeOf([stepEvent(0, 9)]) }

beforeEach(() => useLab.setState({ ...useLab.getInitialState(), ...own }))

it('shows the whole run, and gives back what was on screen before, also after a second recording', () => {
  openReplay(kept('one'), recorded, null)
  expect(useLab.getState()).toMatchObject({ run: { id: 'one', phase: 'replay', shards: [[3]] }, metrics: recorded, view: 'charts' })
  openReplay(kept('two'), recorded, null)
  expect(useLab.getState().run?.id).toBe('two')
  leaveReplay()
  expect(useLab.getState()).toMatchObject({ ...own, replay: null })
})

it('winds the metrics, tells the charts each time, and stays within the recording', () => {
  openReplay(kept('one'), recorded, null)
  const version = useLab.getState().metricsVersion
  seekReplay(1)
  expect(useLab.getState().metrics.maxStep).toBe(2)
  expect(useLab.getState().metricsVersion).toBeGreaterThan(version)
  seekReplay(-5)
  expect(useLab.getState().replay?.seconds).toBe(0)
  expect(useLab.getState().metrics.isEmpty).toBe(true)
  seekReplay(50)
  expect(useLab.getState().replay?.seconds).toBe(2)
  expect(recorded.eventCount).toBe(5)
})

it('plays from the beginning when it is at its end, and stops there', () => {
  openReplay(kept('one'), recorded, null)
  playReplay(true)
  expect(useLab.getState().replay).toMatchObject({ playing: true, seconds: 0 })
  seekReplay(1.5)
  expect(useLab.getState().replay?.playing).toBe(true)
  seekReplay(2)
  expect(useLab.getState().replay?.playing).toBe(false)
})

it('leaves a run alone that is under way', () => {
  useLab.setState({ run: runOf('own', 'running') })
  expect(() => openReplay(kept('one'), recorded, null)).toThrow('Stop it before you open a recording')
  expect(useLab.getState()).toMatchObject({ run: { id: 'own' }, replay: null })
})
