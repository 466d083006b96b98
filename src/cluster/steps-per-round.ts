import { findAlgorithm, type RunConfig } from '../engine/index.ts'

/** Gradient steps between two rounds of communication. */
export function stepsPerRound(config: RunConfig): number {
  const { id, ...hyperparameters } = config.algorithm
  return findAlgorithm(id)?.stepsPerRound(hyperparameters as never) ?? 1
}

/** The end of the communication round in which this step (0-based) lies, as a count of steps. */
export function roundUp(config: RunConfig, step: number): number {
  const length = stepsPerRound(config)
  return Math.ceil(step / length) * length
}
