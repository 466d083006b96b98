import { z } from 'zod'

/** Hyperparameters that several methods share, each with its range, default and meaning. */
export const beta = z.number().min(0).lt(1).default(0.9).describe('Momentum coefficient: how much of the old momentum stays at each step')

export const s = z
  .number()
  .min(0)
  .default(0)
  .describe('Where between methods: 0 is heavy ball, 1 is Nesterov, 1/(1-beta) cancels the momentum')

export const localSteps = z
  .int()
  .min(1)
  .max(10_000)
  .default(1)
  .describe('Gradient steps each worker takes alone between two rounds of communication')

export const option = z
  .enum(['heavy-ball', 'nesterov'])
  .default('heavy-ball')
  .describe('Option I steps along the momentum (heavy ball), Option II looks one step ahead (Nesterov)')

export const nesterov = z.boolean().default(false).describe('Look one step ahead along the momentum')

export const lambda = (initial: number) =>
  z
    .number()
    .min(0)
    .max(10)
    .default(initial)
    .describe('How far the gradient is taken from the model, along the error residual; 0 takes it at the model')
