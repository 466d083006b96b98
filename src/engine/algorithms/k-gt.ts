import { z } from 'zod'
import { localSteps } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'
import { center, disposeAll } from './vector-algebra.ts'

const hyperparameters = z.object({ localSteps })

/**
 * K-GT: gradient tracking with K local steps; the tracked quantity is how far the round has moved the model.
 *
 *     x = x - eta (g + c)
 *     every K steps:  z = (x_start - x) / (sum of the K eta)
 *                     c = c + mix(z) - z,   x = mix(x_start) - (sum of the K eta) mix(z)
 *
 * The corrections c sum to zero over the workers, always. Liu et al.: Decentralized gradient tracking with local steps (2024).
 */
export const kGt: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'k-gt',
  title: 'K-GT',
  source: 'Liu et al. (2024)',
  whatIsSent: "The model and the round's mean step to every neighbor once every K steps.",
  partners: 'neighbors',
  compressors: 0,
  hyperparameters,
  stepsPerRound: ({ localSteps }) => localSteps,
  create({ localSteps }, { model: x, space }) {
    const c = space.zeros()
    const start = space.zeros().set(x)
    const z = space.zeros()
    const mixed = space.zeros()
    let etaSum = 0
    return {
      model: x,
      async step(view) {
        const eta = view.learningRate
        const g = await view.gradient(x)
        x.add(-eta, g).add(-eta, c)
        etaSum += eta
        if ((view.step + 1) % localSteps !== 0) return
        z.set(start)
          .add(-1, x)
          .scale(1 / etaSum)
        mixed.set(z)
        await view.mix({ model: start, tracker: mixed })
        c.add(1, mixed).add(-1, z)
        x.set(start).add(-etaSum, mixed)
        start.set(x)
        etaSum = 0
      },
      async onViewChange(view) {
        start.set(x)
        etaSum = 0
        await center(c, mixed, view)
      },
      correction(into) {
        into.set(c)
      },
      dispose: () => disposeAll(c, start, z, mixed),
    }
  },
}
