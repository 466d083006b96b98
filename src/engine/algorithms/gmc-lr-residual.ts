import { z } from 'zod'
import type { Message } from '../message.ts'
import { beta } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'

const hyperparameters = z.object({ beta })

/**
 * The appendix's Algorithm 4: the residual holds steps instead of gradients, so it keeps the learning rates of the past.
 *
 *     u_i = e_i + eta g_i(w) + beta (w_before - w)
 *     e_i = u_i - C(u_i)
 *     w   = w - mean_i C(u_i)
 *
 * arXiv 1905.12948, Algorithm 4. The same as GMC while the learning rate stays.
 */
export const gmcLrResidual: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'gmc-lr-residual',
  title: 'GMC, learning rate in the residual',
  source: 'GMC paper (arXiv 1905.12948), Algorithm 4 (appendix)',
  whatIsSent: 'The compressed sum of residual, gradient and momentum; sparse up and sparse down, after every step.',
  partners: 'everybody',
  compressors: 1,
  hyperparameters,
  stepsPerRound: () => 1,
  create({ beta }, { model: w, space, compressor }) {
    const e = space.zeros()
    /** w_before - w */
    let q: Message | null = null
    return {
      model: w,
      async step(view) {
        e.add(view.learningRate, await view.gradient(w))
        if (q) e.addMessage(beta, q)
        const sent = await compressor.compress(e, view.step)
        q = await view.averageMessage(sent)
        e.addMessage(-1, sent)
        w.addMessage(-1, q)
      },
      // Some workers may have taken the step that others were interrupted in: make the model common again, and forget the last direction.
      async onViewChange(view) {
        await view.average({ model: w })
        q = null
      },
      dispose: () => e.dispose(),
    }
  },
}
