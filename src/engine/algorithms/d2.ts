import { z } from 'zod'
import type { AlgorithmDefinition } from './types.ts'
import { disposeAll } from './vector-algebra.ts'

const hyperparameters = z.object({})

/**
 * D2: the last step and the last gradient correct the next step, which removes the influence of differing shards.
 *
 *     x = mix(x - eta g) at first, then
 *     x' = mix(x - eta ((x_before - x) / eta_before + g - g_before))
 *
 * Tang et al.: D2: Decentralized training over decentralized data (ICML 2018), in the form that allows a changing learning rate. Needs a
 * mixing matrix with smallest eigenvalue above -1/3: an even ring sits just on the edge.
 */
export const d2: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'd2',
  title: 'D2',
  source: 'Tang et al. (2018)',
  whatIsSent: 'The model to every neighbor after every step.',
  partners: 'neighbors',
  compressors: 0,
  hyperparameters,
  stepsPerRound: () => 1,
  create(_hyperparameters, { model: x, space }) {
    const current = space.zeros()
    const before = space.zeros()
    const gradientBefore = space.zeros()
    let etaBefore: number | null = null
    return {
      model: x,
      async step(view) {
        const eta = view.learningRate
        const g = await view.gradient(x)
        current.set(x)
        x.add(-eta, g)
        if (etaBefore !== null)
          x.add(-eta / etaBefore, before)
            .add(eta / etaBefore, current)
            .add(eta, gradientBefore)
        before.set(current)
        gradientBefore.set(g)
        etaBefore = eta
        await view.mix({ model: x })
      },
      // What was remembered belongs to the old mixing matrix: begin anew.
      async onViewChange() {
        etaBefore = null
      },
      dispose: () => disposeAll(current, before, gradientBefore),
    }
  },
}
