import { z } from 'zod'
import { beta, nesterov } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'
import { momentumStep } from './vector-algebra.ts'

const hyperparameters = z.object({ beta, nesterov })

/**
 * D-PSGD with local momentum: a momentum step, then gossip of the model, every step.
 *
 *     m = beta m + g
 *     x = mix(x - eta m)            (nesterov: x = mix(x - eta (g + beta m)))
 *
 * Lin et al.: Quasi-global momentum (ICML 2021), its baselines DSGDm and DSGDm-N.
 */
export const dPsgdM: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'd-psgd-m',
  title: 'D-PSGD with momentum',
  source: 'Lin et al. (2021), DSGDm and DSGDm-N',
  whatIsSent: 'The model to every neighbor after every step; the momentum stays.',
  partners: 'neighbors',
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
        await view.mix({ model: x })
      },
      async onViewChange() {},
      dispose: () => m.dispose(),
    }
  },
}
