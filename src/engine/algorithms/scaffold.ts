import { z } from 'zod'
import { localSteps } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'
import { disposeAll } from './vector-algebra.ts'

const hyperparameters = z.object({ localSteps })

/**
 * SCAFFOLD with full participation, option II: control variates take out the drift of the local steps.
 *
 *     x = x - eta (g - c_i + c)
 *     every K steps:  c_i = c_i - c + (x_start - x) / (sum of the K eta),   c = mean c_i,   x = mean x
 *
 * Karimireddy et al.: SCAFFOLD (ICML 2020).
 */
export const scaffold: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'scaffold',
  title: 'SCAFFOLD',
  source: 'Karimireddy et al. (2020), option II',
  whatIsSent: 'The model and the control variate to every other worker once every K steps, whatever the topology.',
  partners: 'everybody',
  compressors: 0,
  hyperparameters,
  stepsPerRound: ({ localSteps }) => localSteps,
  create({ localSteps }, { model: x, space }) {
    const own = space.zeros()
    const mean = space.zeros()
    const start = space.zeros().set(x)
    let etaSum = 0
    return {
      model: x,
      async step(view) {
        const eta = view.learningRate
        const g = await view.gradient(x)
        x.add(-eta, g).add(eta, own).add(-eta, mean)
        etaSum += eta
        if ((view.step + 1) % localSteps !== 0) return
        own
          .add(-1, mean)
          .add(1 / etaSum, start)
          .add(-1 / etaSum, x)
        mean.set(own)
        await view.average({ model: x, tracker: mean })
        start.set(x)
        etaSum = 0
      },
      async onViewChange(view) {
        mean.set(own)
        await view.average({ model: x, tracker: mean })
        start.set(x)
        etaSum = 0
      },
      dispose: () => disposeAll(own, mean, start),
    }
  },
}
