import { z } from 'zod'
import { beta, nesterov } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'
import { momentumStep } from './vector-algebra.ts'

const hyperparameters = z.object({ beta, nesterov })

/**
 * DMSGD: momentum SGD on the exact mean gradient of all workers; every worker keeps the same model. beta = 0 is PSGD.
 *
 *     g = mean_i g_i(w)
 *     m = beta m + g
 *     w = w - eta m                 (nesterov: w = w - eta (g + beta m))
 *
 * Global momentum, eq. 3 of the GMC paper (arXiv 1905.12948).
 */
export const dmsgd: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'dmsgd',
  title: 'DMSGD (all-reduce)',
  source: 'GMC paper (arXiv 1905.12948), eq. 3',
  whatIsSent: 'The gradient to every other worker after every step, whatever the topology.',
  partners: 'everybody',
  compressors: 0,
  hyperparameters,
  stepsPerRound: () => 1,
  create({ beta, nesterov }, { model: w, space }) {
    const m = space.zeros()
    const mean = space.zeros()
    return {
      model: w,
      async step(view) {
        const eta = view.learningRate
        mean.set(await view.gradient(w))
        await view.average({ gradient: mean })
        m.scale(beta).add(1, mean)
        momentumStep(w, m, mean, eta, beta, nesterov)
      },
      // Some workers may have taken the step that others were interrupted in: make model and momentum common again.
      onViewChange: (view) => view.average({ model: w, momentum: m }),
      dispose() {
        m.dispose()
        mean.dispose()
      },
    }
  },
}
