import { z } from 'zod'
import type { AlgorithmDefinition } from './types.ts'
import { center, disposeAll } from './vector-algebra.ts'

const hyperparameters = z.object({})

/**
 * Gradient tracking: each worker steps along an estimate v of the mean gradient, which gossip keeps up to date.
 *
 *     v = g at first, then v = mix(v) + g - g_before
 *     x = mix(x - eta v)
 *
 * The trackers sum to the gradients over the workers, always. Adapt-then-combine form of ALGORITHMS.md section 6.2.
 */
export const gtDsgd: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'gt-dsgd',
  title: 'Gradient tracking (DSGT)',
  source: 'Pu and Nedic (2021), adapt-then-combine form',
  whatIsSent: 'The model and the gradient tracker to every neighbor after every step.',
  partners: 'neighbors',
  compressors: 0,
  hyperparameters,
  stepsPerRound: () => 1,
  create(_hyperparameters, { model: x, space }) {
    const v = space.zeros()
    const before = space.zeros()
    const scratch = space.zeros()
    return {
      model: x,
      async step(view) {
        const g = await view.gradient(x)
        // v and g_before start at zero: the first step makes v = g.
        v.add(1, g).add(-1, before)
        before.set(g)
        x.add(-view.learningRate, v)
        await view.mix({ model: x, tracker: v })
      },
      async onViewChange(view) {
        // v - g_before sums to zero over the workers.
        v.add(-1, before)
        await center(v, scratch, view)
        v.add(1, before)
      },
      correction(into) {
        into.set(v).add(-1, before)
      },
      dispose: () => disposeAll(v, before, scratch),
    }
  },
}
