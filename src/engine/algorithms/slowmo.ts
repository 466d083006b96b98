import { z } from 'zod'
import { beta, localSteps } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'
import { disposeAll } from './vector-algebra.ts'

const hyperparameters = z.object({
  beta,
  slowBeta: z.number().min(0).lt(1).default(0.5).describe('Momentum coefficient of the slow step'),
  slowLr: z.number().positive().max(10).default(1).describe('Learning rate of the slow step; 1 with slowBeta 0 is plain averaging'),
  localSteps,
})

/**
 * SlowMo: local momentum steps, then one slow momentum step on the exact average.
 *
 *     m = beta m + g,   x = x - eta m
 *     every K steps:  u = slowBeta u + (x_start - mean x) / eta,   x = x_start - slowLr eta u
 *
 * m stays with its worker. Wang et al.: SlowMo (ICLR 2020).
 */
export const slowmo: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'slowmo',
  title: 'SlowMo',
  source: 'Wang et al. (2020)',
  whatIsSent: 'The model to every other worker once every K steps, whatever the topology.',
  partners: 'everybody',
  compressors: 0,
  hyperparameters,
  stepsPerRound: ({ localSteps }) => localSteps,
  create({ beta, slowBeta, slowLr, localSteps }, { model: x, space }) {
    const m = space.zeros()
    const u = space.zeros()
    const start = space.zeros().set(x)
    return {
      model: x,
      async step(view) {
        const eta = view.learningRate
        m.scale(beta).add(1, await view.gradient(x))
        x.add(-eta, m)
        if ((view.step + 1) % localSteps !== 0) return
        await view.average({ model: x })
        u.scale(slowBeta)
          .add(1 / eta, start)
          .add(-1 / eta, x)
        x.set(start).add(-slowLr * eta, u)
        start.set(x)
      },
      async onViewChange(view) {
        await view.average({ model: x, momentum: u })
        start.set(x)
      },
      dispose: () => disposeAll(m, u, start),
    }
  },
}
