import { z } from 'zod'
import { beta, nesterov } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'
import { momentumStep } from './vector-algebra.ts'

const hyperparameters = z.object({ beta, nesterov })

/**
 * Momentum SGD of every worker alone: what its own shard teaches it.
 *
 *     m = beta m + g
 *     x = x - eta m                 (nesterov: x = x - eta (g + beta m))
 */
export const local: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'local',
  title: 'Local only',
  source: 'no communication: one end of every comparison',
  whatIsSent: 'Nothing.',
  partners: 'nobody',
  compressors: 0,
  hyperparameters,
  stepsPerRound: () => 1,
  create({ beta, nesterov }, { model: x, space }) {
    const m = space.zeros()
    return {
      model: x,
      async step(view) {
        const g = await view.gradient(x)
        m.scale(beta).add(1, g)
        momentumStep(x, m, g, view.learningRate, beta, nesterov)
      },
      async onViewChange() {},
      dispose: () => m.dispose(),
    }
  },
}
