import { z } from 'zod'
import { beta, localSteps, s } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'

const hyperparameters = z.object({
  beta,
  s,
  localSteps,
  mixMomentum: z.boolean().default(false).describe('Gossip the momentum as well as the model (twice the bytes)'),
})

/**
 * D-SUM: K local steps of stochastic unified momentum, then gossip averaging of the model.
 *
 *     m = beta m + g
 *     x = x - eta [ s g + (1 - s (1 - beta)) m ]
 *     every K steps:  x = mix(x),  and m = mix(m) with mixMomentum
 *
 * Du, Cheng, Ni: A unified momentum-based paradigm (AIJ 332, 2024); the one-buffer form of SUM (Yan et al. 2018).
 */
export const dSum: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'd-sum',
  title: 'D-SUM',
  source: 'Du, Cheng, Ni (2024), D-SUM',
  whatIsSent: 'The model to every neighbor once every K steps; with “mix momentum” the momentum too.',
  partners: 'neighbors',
  compressors: 0,
  hyperparameters,
  stepsPerRound: ({ localSteps }) => localSteps,
  create({ beta, s, localSteps, mixMomentum }, { model: x, space }) {
    const m = space.zeros()
    return {
      model: x,
      async step(view) {
        const eta = view.learningRate
        const g = await view.gradient(x)
        m.scale(beta).add(1, g)
        x.add(-eta * s, g).add(-eta * (1 - s * (1 - beta)), m)
        if ((view.step + 1) % localSteps === 0) await view.mix(mixMomentum ? { model: x, momentum: m } : { model: x })
      },
      async onViewChange() {},
      dispose: () => m.dispose(),
    }
  },
}
