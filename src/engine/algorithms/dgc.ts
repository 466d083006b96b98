import { z } from 'zod'
import { beta } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'
import { disposeAll } from './vector-algebra.ts'

const hyperparameters = z.object({
  beta,
  masking: z.boolean().default(true).describe('Momentum factor masking: forget the momentum of what was just sent'),
})

/**
 * Deep gradient compression: local momentum, accumulated until it is sent.
 *
 *     u_i = beta u_i + g_i(w)
 *     v_i = v_i + u_i
 *     send C(v_i);  v_i = 0 at the sent positions, and u_i = 0 there with masking
 *     w   = w - eta mean_i C(v_i)
 *
 * Lin et al.: Deep gradient compression (ICLR 2018), without warm-up and clipping.
 */
export const dgc: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'dgc',
  title: 'DGC',
  source: 'Lin et al. (2018)',
  whatIsSent: 'The compressed sum of the local momenta since each entry was last sent, after every step.',
  partners: 'everybody',
  compressors: 1,
  hyperparameters,
  stepsPerRound: () => 1,
  create({ beta, masking }, { model: w, space, compressor }) {
    const u = space.zeros()
    const v = space.zeros()
    return {
      model: w,
      async step(view) {
        u.scale(beta).add(1, await view.gradient(w))
        v.add(1, u)
        const sent = await compressor.compress(v, view.step)
        const mean = await view.averageMessage(sent)
        v.addMessage(-1, sent)
        if (masking) u.zeroAt(sent)
        w.addMessage(-view.learningRate, mean)
      },
      // Some workers may have taken the step that others were interrupted in: make the model common again.
      onViewChange: (view) => view.average({ model: w }),
      dispose: () => disposeAll(u, v),
    }
  },
}
