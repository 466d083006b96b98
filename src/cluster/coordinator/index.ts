export { type Assignment, asTheyCame, byPlace, lineUp } from './assignment.ts'
export { RunCoordinator } from './coordinator.ts'
export type { RunFacts, RunPhase } from './messages.ts'
export {
  type CoordinatorDrops,
  type RoomPort,
  RunRefused,
  type RunState,
  type Seat,
  type WorkerNews,
  type WorkerOrder,
  type WorkerPort,
} from './types.ts'
