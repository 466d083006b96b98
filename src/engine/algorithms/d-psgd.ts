import { z } from 'zod'
import type { AlgorithmDefinition } from './types.ts'

const hyperparameters = z.object({})

/**
 * D-PSGD, adapt then combine: a plain SGD step, then gossip of the model, every step.
 *
 *     x = mix(x - eta g)
 *
 * Lian et al.: Can decentralized algorithms outperform centralized algorithms? (NeurIPS 2017).
 */
export const dPsgd: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'd-psgd',
  title: 'D-PSGD',
  source: 'Lian et al. (2017)',
  whatIsSent: 'The model to every neighbor after every step.',
  partners: 'neighbors',
  compressors: 0,
  hyperparameters,
  stepsPerRound: () => 1,
  create(_hyperparameters, { model: x }) {
    return {
      model: x,
      async step(view) {
        const g = await view.gradient(x)
        x.add(-view.learningRate, g)
        await view.mix({ model: x })
      },
      async onViewChange() {},
      dispose: () => {},
    }
  },
}
