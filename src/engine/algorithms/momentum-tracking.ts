import { z } from 'zod'
import { beta } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'
import { center, disposeAll } from './vector-algebra.ts'

const hyperparameters = z.object({ beta })

/**
 * Momentum tracking: gradient tracking of the momentum instead of the gradient, combine-then-adapt.
 *
 *     u = beta u + g
 *     x = mix(x) - eta (u - c)
 *     c = mix(c - u) + u
 *
 * The corrections c sum to zero over the workers, always. Takezawa et al.: Momentum tracking (2022).
 */
export const momentumTracking: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'momentum-tracking',
  title: 'Momentum tracking',
  source: 'Takezawa et al. (2022)',
  whatIsSent: 'The model and the momentum tracker to every neighbor after every step.',
  partners: 'neighbors',
  compressors: 0,
  hyperparameters,
  stepsPerRound: () => 1,
  create({ beta }, { model: x, space }) {
    const u = space.zeros()
    const c = space.zeros()
    const tracked = space.zeros()
    const mixed = space.zeros()
    return {
      model: x,
      async step(view) {
        u.scale(beta).add(1, await view.gradient(x))
        tracked.set(c).add(-1, u)
        mixed.set(tracked)
        await view.mix({ model: x, tracker: mixed })
        x.add(view.learningRate, tracked)
        c.set(mixed).add(1, u)
      },
      onViewChange: (view) => center(c, mixed, view),
      correction(into) {
        into.set(c)
      },
      dispose: () => disposeAll(u, c, tracked, mixed),
    }
  },
}
