export { createMember, type Member, type MemberOptions } from './member.ts'
export { type SimulationOptions, type SimulationResult, simulate } from './simulation.ts'
export { type RunSummary, summarize } from './summary.ts'
export { type CaseResult, type HandedCase, type ModelCaseFiles, type VerifyPort, verifyModelCase, verifyTrajectory } from './reference/index.ts'
