import { z } from 'zod'
import { beta, lambda } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'
import { disposeAll } from './vector-algebra.ts'

const hyperparameters = z.object({ beta, lambda: lambda(0.3) })

/**
 * Detached error feedback: local momentum at a point moved along the residual; the residual holds steps, not gradients.
 *
 *     m_i = beta m_i + g_i(w - lambda e_i)
 *     d_i = e_i + eta m_i
 *     e_i = d_i - C(d_i)
 *     w   = w - mean_i C(d_i)               evaluated at w - mean_i e_i
 *
 * Xu and Huang: Detached error feedback for distributed SGD with random sparsification (ICML 2022).
 */
export const defA: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'def-a',
  title: 'DEF-A',
  source: 'Xu and Huang (2022)',
  whatIsSent: 'The compressed sum of residual and local momentum step, after every step; evaluated at the model less the mean residual.',
  partners: 'everybody',
  compressors: 1,
  hyperparameters,
  stepsPerRound: () => 1,
  create({ beta, lambda }, { model: w, space, compressor }) {
    const m = space.zeros()
    const e = space.zeros()
    const point = space.zeros()
    return {
      model: w,
      async step(view) {
        point.set(w).add(-lambda, e)
        m.scale(beta).add(1, await view.gradient(point))
        e.add(view.learningRate, m)
        const sent = await compressor.compress(e, view.step)
        const mean = await view.averageMessage(sent)
        e.addMessage(-1, sent)
        w.addMessage(-1, mean)
      },
      // Some workers may have taken the step that others were interrupted in: make the model common again.
      onViewChange: (view) => view.average({ model: w }),
      evaluationPoint: (into) => void into.set(w).add(-1, e),
      dispose: () => disposeAll(m, e, point),
    }
  },
}
