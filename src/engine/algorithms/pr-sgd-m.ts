import { z } from 'zod'
import { beta, localSteps, option } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'
import { momentumStep } from './vector-algebra.ts'

const hyperparameters = z.object({ beta, option, localSteps })

/**
 * Parallel restarted SGD with momentum: local momentum steps, then exact averaging of momentum and model.
 *
 *     u = beta u + g
 *     x = x - eta u                 (Option I)     x = x - eta (beta u + g)     (Option II)
 *     every I steps:  u = mean u,  x = mean x
 *
 * Yu, Jin, Yang: On the linear speedup analysis of communication efficient momentum SGD (ICML 2019), Algorithm 1.
 */
export const prSgdM: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'pr-sgd-m',
  title: 'PR-SGD-Momentum',
  source: 'Yu, Jin, Yang (2019), Algorithm 1',
  whatIsSent: 'The model and the momentum to every other worker once every I steps, whatever the topology.',
  partners: 'everybody',
  compressors: 0,
  hyperparameters,
  stepsPerRound: ({ localSteps }) => localSteps,
  create({ beta, option, localSteps }, { model: x, space }) {
    const u = space.zeros()
    return {
      model: x,
      async step(view) {
        const g = await view.gradient(x)
        u.scale(beta).add(1, g)
        momentumStep(x, u, g, view.learningRate, beta, option === 'nesterov')
        if ((view.step + 1) % localSteps === 0) await view.average({ model: x, momentum: u })
      },
      async onViewChange() {},
      dispose: () => u.dispose(),
    }
  },
}
