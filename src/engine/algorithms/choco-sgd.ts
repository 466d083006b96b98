import { z } from 'zod'
import type { AlgorithmDefinition } from './types.ts'
import { disposeAll } from './vector-algebra.ts'

const hyperparameters = z.object({
  gamma: z
    .number()
    .positive()
    .max(1)
    .default(0.1)
    .describe('Consensus step: 1 takes the whole mixed difference, less is safer under strong compression'),
})

/**
 * CHOCO-SGD: gossip of compressed differences to a public copy of each model.
 *
 *     x = x - eta g
 *     h = h + C(x - h)
 *     x = x + gamma (mix(h) - h)
 *
 * Koloskova et al.: Decentralized stochastic optimization and gossip algorithms with compressed communication (ICML 2019).
 */
export const chocoSgd: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'choco-sgd',
  title: 'CHOCO-SGD',
  source: 'Koloskova et al. (2019)',
  whatIsSent: 'The compressed change of the model since the neighbors last heard of it, to every neighbor after every step.',
  partners: 'neighbors',
  compressors: 1,
  hyperparameters,
  stepsPerRound: () => 1,
  create({ gamma }, { model: x, space, compressor }) {
    const h = space.zeros()
    /** mix(h), kept up to date with what the neighbors send */
    const mixed = space.zeros()
    const difference = space.zeros()
    return {
      model: x,
      async step(view) {
        x.add(-view.learningRate, await view.gradient(x))
        difference.set(x).add(-1, h)
        const sent = await compressor.compress(difference, view.step)
        mixed.addMessage(1, await view.mixMessage(sent))
        h.addMessage(1, sent)
        x.add(gamma, mixed).add(-gamma, h)
      },
      // The sums belong to the old mixing matrix: every public copy begins anew.
      async onViewChange() {
        h.zero()
        mixed.zero()
      },
      dispose: () => disposeAll(h, mixed, difference),
    }
  },
}
