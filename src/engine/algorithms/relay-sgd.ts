import { z } from 'zod'
import type { AlgorithmDefinition, Counted } from './types.ts'

const hyperparameters = z.object({})

/**
 * RelaySGD: on a tree, models are summed up along the edges, so that every model reaches everybody once, undiluted, after as many steps as
 * it has to travel.
 *
 *     h = x - eta g
 *     send j:  h + the sums received in the previous step from the neighbors other than j, with the count of models in it
 *     x = (h + all sums received in this step + (N - count) x_0) / N
 *
 * Vogels et al.: RelaySum for decentralized deep learning on heterogeneous data (NeurIPS 2021).
 */
export const relaySgd: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'relay-sgd',
  title: 'RelaySGD',
  source: 'Vogels et al. (2021)',
  whatIsSent: 'A sum of models to every neighbor on the tree after every step.',
  partners: 'neighbors',
  compressors: 0,
  topologies: ['chain', 'star'],
  hyperparameters,
  stepsPerRound: () => 1,
  create(_hyperparameters, { model: x, space }) {
    const initial = space.zeros().set(x)
    let received = new Map<number, Counted>()
    return {
      model: x,
      async step(view) {
        x.add(-view.learningRate, await view.gradient(x))
        const own = await x.read()
        const messages = new Map(view.neighbors().map((j) => [j, sumUp(own, received, j)]))
        received = await view.trade(messages)
        const all = sumUp(own, received)
        x.write(all.sum)
        x.add(view.size - all.count, initial).scale(1 / view.size)
      },
      // The sums under way belong to the old tree: begin anew from the common mean.
      async onViewChange(view) {
        received = new Map()
        await view.average({ model: x })
        initial.set(x)
      },
      dispose: () => initial.dispose(),
    }
  },
}

/** The own model and all sums but the one from `except`, in rank order. */
function sumUp(own: Float32Array, sums: ReadonlyMap<number, Counted>, except?: number): Counted {
  const sum = own.slice()
  let count = 1
  for (const rank of [...sums.keys()].sort((a, b) => a - b)) {
    const part = sums.get(rank)
    if (rank === except || !part) continue
    for (let k = 0; k < sum.length; k++) sum[k] += part.sum[k]
    count += part.count
  }
  return { sum, count }
}
