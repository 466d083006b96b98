export { type ModelCaseFiles, verifyModelCase } from './model-case.ts'
export { type CaseResult, resultOf } from './result.ts'
export { verifyTrajectory } from './trajectory.ts'
export type { HandedCase, VerifyPort } from './verify-port.ts'
