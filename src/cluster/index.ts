export type { AutomationLink, AutomationState, LabAutomation } from './automation.ts'
export * from './coordinator/index.ts'
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
export { createSimulation, type Simulation, type SimulationOptions, simulate } from './simulation.ts'
export { stepsPerRound } from './steps-per-round.ts'
export { type RunSummary, summarize } from './summary.ts'
export * from './threads/index.ts'
export * from './trouble/index.ts'
export type { SimulatedTime, SimulationResult } from './whole-run.ts'
