import { z } from 'zod'
import type { Message } from '../message.ts'
import { beta, lambda } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'
import { disposeAll } from './vector-algebra.ts'

const hyperparameters = z.object({ beta, lambda: lambda(0.5) })

/**
 * GMC with the gradient taken at a detached point, where the model would be if the residual had been sent.
 *
 *     u_i = e_i + g_i(w - lambda eta e_i) + beta q
 *     q   = mean_i C(u_i)
 *     e_i = u_i - C(u_i)
 *     w   = w - eta q
 *
 * arXiv 1905.12948, Algorithm 2; lambda = 0 is GMC.
 */
export const gmcPlus: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'gmc-plus',
  title: 'GMC+',
  source: 'GMC paper (arXiv 1905.12948), Algorithm 2',
  whatIsSent: 'The compressed sum of residual, gradient and momentum; sparse up and sparse down, after every step.',
  partners: 'everybody',
  compressors: 1,
  hyperparameters,
  stepsPerRound: () => 1,
  create({ beta, lambda }, { model: w, space, compressor }) {
    const e = space.zeros()
    const point = space.zeros()
    let q: Message | null = null
    return {
      model: w,
      async step(view) {
        const eta = view.learningRate
        point.set(w).add(-lambda * eta, e)
        e.add(1, await view.gradient(point))
        if (q) e.addMessage(beta, q)
        const sent = await compressor.compress(e, view.step)
        q = await view.averageMessage(sent)
        e.addMessage(-1, sent)
        w.addMessage(-eta, q)
      },
      // Some workers may have taken the step that others were interrupted in: make the model common again, and forget the last direction.
      async onViewChange(view) {
        await view.average({ model: w })
        q = null
      },
      dispose: () => disposeAll(e, point),
    }
  },
}
