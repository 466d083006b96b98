import { z } from 'zod'
import { beta, localSteps, s } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'
import { center, disposeAll } from './vector-algebra.ts'

const hyperparameters = z.object({ beta, s, localSteps })

/**
 * GT-DSUM: D-SUM on gradients corrected by a tracker, so that what differs between shards does not pull the workers apart.
 *
 *     v = g + c
 *     m = beta m + v
 *     x = x - eta [ s v + (1 - s (1 - beta)) m ]
 *     every K steps, with vbar = mean of the K v's:   x = mix(x),  m = mix(m),  c = c - vbar + mix(vbar)
 *
 * The corrections c sum to zero over the workers, always. Du, Cheng, Ni: A unified momentum-based paradigm (AIJ 332, 2024), the c-form of
 * ALGORITHMS.md section 3.2.
 */
export const gtDsum: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'gt-dsum',
  title: 'GT-DSUM',
  source: 'Du, Cheng, Ni (2024), GT-DSUM',
  whatIsSent: 'The model, the momentum and the mean corrected gradient to every neighbor once every K steps.',
  partners: 'neighbors',
  compressors: 0,
  hyperparameters,
  stepsPerRound: ({ localSteps }) => localSteps,
  create({ beta, s, localSteps }, { model: x, space }) {
    const m = space.zeros()
    const c = space.zeros()
    const v = space.zeros()
    const sum = space.zeros()
    const mean = space.zeros()
    return {
      model: x,
      async step(view) {
        const eta = view.learningRate
        v.set(await view.gradient(x)).add(1, c)
        sum.add(1, v)
        m.scale(beta).add(1, v)
        x.add(-eta * s, v).add(-eta * (1 - s * (1 - beta)), m)
        if ((view.step + 1) % localSteps !== 0) return
        sum.scale(1 / localSteps)
        mean.set(sum)
        await view.mix({ model: x, momentum: m, tracker: mean })
        c.add(-1, sum).add(1, mean)
        sum.zero()
      },
      async onViewChange(view) {
        sum.zero()
        await center(c, mean, view)
      },
      correction(into) {
        into.set(c)
      },
      dispose: () => disposeAll(m, c, v, sum, mean),
    }
  },
}
