import { local } from './local.ts'
import type { AlgorithmDefinition } from './types.ts'

/**
 * Momentum SGD of one worker that sees all data: the other end of every comparison. With one worker there is one shard, which is the
 * whole; to compare with N workers of batch B take batch N B.
 */
export const centralized: AlgorithmDefinition<typeof local.hyperparameters.shape> = {
  ...local,
  id: 'centralized',
  title: 'Centralized',
  source: 'one worker sees all data: one end of every comparison',
  mostWorkers: 1,
}
