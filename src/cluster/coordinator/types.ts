import type { BackendChoice, MetricEvent, RunConfig } from '../../engine/index.ts'
import type { PeerId, Room, View } from '../../p2p/index.ts'
import type { Assignment } from './assignment.ts'
import type { RunFacts, RunPhase } from './messages.ts'

/** What a coordinator needs of the room. */
export type RoomPort = Pick<Room, 'selfId' | 'getState' | 'subscribe' | 'sendControl' | 'broadcast' | 'onControl' | 'onMemberLost'>

/** What a coordinator tells this page's training worker; the page adds what only it knows, as where the data sets are. */
export type WorkerOrder =
  | { type: 'prepare'; run: string; config: RunConfig; view: View; self: PeerId }
  | { type: 'go' }
  | { type: 'view'; view: View; message: string }
  | { type: 'runUntil'; step: number | null }
  | { type: 'stop' }

export interface WorkerPort {
  post(order: WorkerOrder): void
}

/** What a coordinator wants to hear of this page's training worker. */
export type WorkerNews =
  | { type: 'hello'; backend: BackendChoice }
  | { type: 'progress'; run: string; stage: string; fraction: number }
  | ({ type: 'ready'; run: string; backend: BackendChoice } & RunFacts)
  | { type: 'metric'; run: string; event: MetricEvent }
  | { type: 'paused'; run: string; step: number }
  | { type: 'renewView'; run: string; message: string }
  | { type: 'failed'; run: string; message: string }

/** One place in a run; index = rank at the start. Its worker keeps it when others go. */
export interface Seat {
  id: PeerId
  name: string
  self: boolean
  lost: boolean
  ready: boolean
  /** null before the first, and when ready */
  preparing: { stage: string; fraction: number } | null
  /** gradient steps done, as far as heard */
  step: number
  finished: boolean
}

/** An immutable snapshot of the run as this page knows it. */
export interface RunState {
  phase: 'idle' | RunPhase
  run: string | null
  config: RunConfig | null
  view: View | null
  /** the page that decides about the run under way; null when there is none */
  coordinatorId: PeerId | null
  /** this page trains in the run; otherwise it watches */
  participates: boolean
  seats: Seat[]
  /** a pause is under way or reached before this gradient step (0-based); null: none */
  until: number | null
  /** what happened, as a sentence for the user; may be empty */
  message: string
  /** equal on all workers; null before the first is ready */
  facts: RunFacts | null
  /** what each page in the room computes with */
  backends: Record<PeerId, BackendChoice>
  /** pages whose worker does something else: they are left out of a start */
  busy: PeerId[]
  /** who takes which rank in the next run, as the host has it */
  assignment: Assignment
}

/** Messages that were dropped, by why. */
export interface CoordinatorDrops {
  malformed: number
  /** from somebody who has no say in it, or too late */
  ignored: number
}

/** An order that cannot be carried out; the message says why, for the user. */
export class RunRefused extends Error {
  readonly kind = 'run-refused'
}
