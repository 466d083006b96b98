import { z } from 'zod'
import type { Message } from '../message.ts'
import { beta } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'

const hyperparameters = z.object({ beta })

/**
 * Global momentum compression: the momentum of the common model is inside what is compressed, so the residual remembers it too.
 *
 *     u_i = e_i + g_i(w) + beta q           q: the last aggregate, (w_before - w) / eta_before
 *     q   = mean_i C(u_i)
 *     e_i = u_i - C(u_i)
 *     w   = w - eta q
 *
 * arXiv 1905.12948, Algorithm 1. Without compression it is DMSGD, with beta = 0 error-feedback SGD.
 */
export const gmc: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'gmc',
  title: 'GMC',
  source: 'GMC paper (arXiv 1905.12948), Algorithm 1',
  whatIsSent: 'The compressed sum of residual, gradient and momentum; sparse up and sparse down, after every step.',
  partners: 'everybody',
  compressors: 1,
  hyperparameters,
  stepsPerRound: () => 1,
  create({ beta }, { model: w, space, compressor }) {
    const e = space.zeros()
    let q: Message | null = null
    return {
      model: w,
      async step(view) {
        e.add(1, await view.gradient(w))
        if (q) e.addMessage(beta, q)
        const sent = await compressor.compress(e, view.step)
        q = await view.averageMessage(sent)
        e.addMessage(-1, sent)
        w.addMessage(-view.learningRate, q)
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
