import { z } from 'zod'
import { beta } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'
import { disposeAll } from './vector-algebra.ts'

const hyperparameters = z.object({
  beta,
  resetInterval: z.int().min(1).max(10_000).default(50).describe('Steps between two error resets (H)'),
})

/**
 * Communication-efficient SGD with error reset: what is not sent is applied at home at once, and every H steps the residuals are synchronized.
 *
 *     m   = beta m + g(x_i),   p = eta m,   r = p - C2(p)
 *     x_i = x_i - mean C2(p) - r,   e_i = e_i - r
 *     every H steps:  r = e_i - C1(e_i),   x_i = x_i - e_i + mean C1(e) + r,   e_i = r
 *
 * x_i - e_i is the same on all workers, always. Xie et al.: CSER (NeurIPS 2020), with heavy-ball momentum. C2 is the run's compressor, C1
 * its reset compressor.
 */
export const cser: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'cser',
  title: 'CSER',
  source: 'Xie et al. (2020), M-CSER',
  whatIsSent: 'The compressed momentum step after every step, and the compressed residual every H steps.',
  partners: 'everybody',
  compressors: 2,
  hyperparameters,
  stepsPerRound: () => 1,
  create({ beta, resetInterval }, { model: x, space, compressor, resetCompressor }) {
    const m = space.zeros()
    const p = space.zeros()
    const e = space.zeros()
    return {
      model: x,
      async step(view) {
        m.scale(beta).add(1, await view.gradient(x))
        p.set(m).scale(view.learningRate)
        const sent = await compressor.compress(p, view.step)
        const mean = await view.averageMessage(sent)
        // p becomes r
        p.addMessage(-1, sent)
        x.addMessage(-1, mean).add(-1, p)
        e.add(-1, p)
        if ((view.step + 1) % resetInterval !== 0) return
        const reset = await resetCompressor.compress(e, view.step)
        const resetMean = await view.averageMessage(reset)
        x.addMessage(-1, reset).addMessage(1, resetMean)
        e.addMessage(-1, reset)
      },
      async onViewChange(view) {
        p.set(x).add(-1, e)
        await view.average({ model: p })
        x.set(p).add(1, e)
      },
      dispose: () => disposeAll(m, p, e),
    }
  },
}
