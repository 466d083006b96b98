/** What every engine runs: m = MOMENTUM m + g; x = x - LEARNING_RATE m. */
export const MOMENTUM = 0.9
export const LEARNING_RATE = 0.01
/** of the parameters */
export const SEED = 1

/** Training of one model on one batch, over and over. */
export interface TrainingLoop {
  /** One step: gradient, momentum, parameters. Resolves with the mean cross-entropy before it, in nats. */
  step(): Promise<number>
}
