export { type Assignment, asTheyCame, byPlace, lineUp } from './assignment.ts'
export type { AutomationLink, AutomationState, LabAutomation } from './automation.ts'
export { RunCoordinator } from './coordinator.ts'
export type { RunFacts, RunPhase } from './coordinator-messages.ts'
export {
  type CoordinatorDrops,
  type RoomPort,
  RunRefused,
  type RunState,
  type Seat,
  type WorkerNews,
  type WorkerOrder,
  type WorkerPort,
} from './coordinator-types.ts'
export { createMember, type Member, type MemberOptions, type Training } from './member.ts'
export {
  type HeaderFacts,
  type MetricHeader,
  MetricsFileError,
  metricHeader,
  metricLines,
  readMetricHeader,
  readMetricLine,
} from './metric-lines.ts'
export * from './quadratic/index.ts'
export {
  type CaseResult,
  type HandedCase,
  type ModelCaseFiles,
  type QuadraticRun,
  type QuadraticWorker,
  runQuadratic,
  type VerifyPort,
  verifyModelCase,
  verifyTrajectory,
} from './reference/index.ts'
export { stepsPerRound } from './run-record.ts'
export { createSimulation, type Simulation, type SimulationOptions, simulate } from './simulation.ts'
export { type RunSummary, summarize } from './summary.ts'
export * from './threads/index.ts'
export * from './trouble/index.ts'
export type { SimulatedTime, SimulationResult } from './whole-run.ts'
