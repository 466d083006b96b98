import { z } from 'zod'
import { beta, option } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'
import { momentumStep } from './vector-algebra.ts'

const hyperparameters = z.object({ beta, option })

/**
 * Momentum SGD with decentralized communication: a local momentum step, then gossip of momentum and model, every step.
 *
 *     u = beta u + g
 *     x = x - eta u                 (Option I)     x = x - eta (beta u + g)     (Option II)
 *     u = mix(u),  x = mix(x)
 *
 * Yu, Jin, Yang: On the linear speedup analysis of communication efficient momentum SGD (ICML 2019), Algorithm 2.
 */
export const gossipMsgd: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'gossip-msgd',
  title: 'Gossip momentum SGD',
  source: 'Yu, Jin, Yang (2019), Algorithm 2',
  whatIsSent: 'The model and the momentum to every neighbor after every step.',
  partners: 'neighbors',
  compressors: 0,
  hyperparameters,
  stepsPerRound: () => 1,
  create({ beta, option }, { model: x, space }) {
    const u = space.zeros()
    return {
      model: x,
      async step(view) {
        const eta = view.learningRate
        const g = await view.gradient(x)
        u.scale(beta).add(1, g)
        momentumStep(x, u, g, eta, beta, option === 'nesterov')
        await view.mix({ model: x, momentum: u })
      },
      async onViewChange() {},
      dispose: () => u.dispose(),
    }
  },
}
