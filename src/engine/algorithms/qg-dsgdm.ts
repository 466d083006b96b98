import { z } from 'zod'
import { beta, nesterov } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'
import { disposeAll, momentumStep } from './vector-algebra.ts'

const hyperparameters = z.object({
  beta,
  mu: z.number().min(0).lt(1).default(0.9).describe('How much of the old quasi-global momentum stays at each step'),
  nesterov,
})

/**
 * Quasi-global momentum: the momentum follows how the mixed model moved, not the local gradients.
 *
 *     x' = mix(x - eta (beta h + g))          (nesterov: x' = mix(x - eta (g + beta (beta h + g))))
 *     h = mu h + (1 - mu) (x - x') / eta
 *     x = x'
 *
 * Lin et al.: Quasi-global momentum: accelerating decentralized deep learning on heterogeneous data (ICML 2021).
 */
export const qgDsgdm: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'qg-dsgdm',
  title: 'Quasi-global momentum',
  source: 'Lin et al. (2021)',
  whatIsSent: 'The model to every neighbor after every step.',
  partners: 'neighbors',
  compressors: 0,
  hyperparameters,
  stepsPerRound: () => 1,
  create({ beta, mu, nesterov }, { model: x, space }) {
    const h = space.zeros()
    const m = space.zeros()
    const before = space.zeros()
    return {
      model: x,
      async step(view) {
        const eta = view.learningRate
        const g = await view.gradient(x)
        before.set(x)
        m.set(h).scale(beta).add(1, g)
        momentumStep(x, m, g, eta, beta, nesterov)
        await view.mix({ model: x })
        h.scale(mu)
          .add((1 - mu) / eta, before)
          .add(-(1 - mu) / eta, x)
      },
      async onViewChange() {},
      dispose: () => disposeAll(h, m, before),
    }
  },
}
