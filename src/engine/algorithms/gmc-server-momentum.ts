import { z } from 'zod'
import { beta } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'
import { disposeAll } from './vector-algebra.ts'

const hyperparameters = z.object({ beta })

/**
 * The appendix's Algorithm 3: compression knows nothing of the momentum, which is added to the aggregate.
 *
 *     u_i = e_i + g_i(w)
 *     e_i = u_i - C(u_i)
 *     m   = mean_i C(u_i) + beta m          (w_before - w) / eta_before
 *     w   = w - eta m
 *
 * arXiv 1905.12948, Algorithm 3.
 */
export const gmcServerMomentum: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'gmc-server-momentum',
  title: 'GMC, momentum on the server',
  source: 'GMC paper (arXiv 1905.12948), Algorithm 3 (appendix)',
  whatIsSent: 'The compressed sum of residual and gradient up; the paper sends the dense momentum down, here every worker keeps it itself.',
  partners: 'everybody',
  compressors: 1,
  denseDown: true,
  hyperparameters,
  stepsPerRound: () => 1,
  create({ beta }, { model: w, space, compressor }) {
    const e = space.zeros()
    const m = space.zeros()
    return {
      model: w,
      async step(view) {
        e.add(1, await view.gradient(w))
        const sent = await compressor.compress(e, view.step)
        const mean = await view.averageMessage(sent)
        e.addMessage(-1, sent)
        m.scale(beta).addMessage(1, mean)
        w.add(-view.learningRate, m)
      },
      onViewChange: (view) => view.average({ model: w, momentum: m }),
      dispose: () => disposeAll(e, m),
    }
  },
}
