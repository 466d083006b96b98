import type { RunConfig } from './config.ts'

/**
 * Learning rate of a gradient step (0-based). Schedules change per epoch, as in the papers: cosine is
 * eta_m = eta/2 (1 + cos(m pi / M)) in epoch m of M, step is x0.1 from half and again from three quarters of the epochs on. Warm-up
 * rises linearly per step.
 */
export function learningRateAt(
  config: Pick<RunConfig, 'learningRate' | 'schedule' | 'warmupEpochs' | 'steps'>,
  step: number,
  batchesPerEpoch: number,
): number {
  const epochs = Math.ceil(config.steps / batchesPerEpoch)
  const progress = Math.floor(step / batchesPerEpoch) / epochs
  const warmup = Math.min(1, (step + 1) / (config.warmupEpochs * batchesPerEpoch))
  return config.learningRate * warmup * factorAt(config.schedule, progress)
}

function factorAt(schedule: RunConfig['schedule'], progress: number): number {
  switch (schedule) {
    case 'constant':
      return 1
    case 'cosine':
      return (1 + Math.cos(progress * Math.PI)) / 2
    case 'step':
      return progress < 0.5 ? 1 : progress < 0.75 ? 0.1 : 0.01
    default:
      schedule satisfies never
      throw new Error('unreachable')
  }
}
