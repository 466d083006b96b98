import { parseRunConfig } from '../engine/index.ts'
import type { Member, RoomState, RunState } from './state.ts'

/** A tab of a room; that of rank 0 is this one, and the host. */
export const memberOf = (id: string, rank: number, more: Partial<Member> = {}): Member => ({
  id,
  name: `Tab ${id}`,
  rank,
  self: rank === 0,
  host: rank === 0,
  link: 'open',
  hidden: false,
  busy: false,
  place: rank,
  sitsOut: false,
  backend: null,
  preparing: null,
  ...more,
})

export const roomWith = (members: Member[]): RoomState => ({
  phase: 'open',
  name: 'lobby',
  secret: '',
  message: '',
  locked: false,
  members,
  links: [],
})

/** A run of these tabs, in the order of their ranks. */
export const runWith = (ids: string[], phase: RunState['phase'], more: Partial<RunState> = {}): RunState => ({
  id: 'r1',
  config: parseRunConfig({}),
  phase,
  seats: ids.map((id) => ({ id, name: `Tab ${id}`, lost: false })),
  shards: null,
  spectralGap: null,
  parameters: null,
  message: '',
  simulation: null,
  ...more,
})

/** The same run after the loss of these of its tabs. */
export const without = (run: RunState, lost: string[]): RunState => ({
  ...run,
  seats: run.seats.map((seat) => ({ ...seat, lost: lost.includes(seat.id) })),
})
