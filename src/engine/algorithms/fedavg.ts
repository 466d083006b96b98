import { z } from 'zod'
import { localSteps } from './hyperparameters.ts'
import type { AlgorithmDefinition } from './types.ts'

const hyperparameters = z.object({ localSteps })

/**
 * FedAvg with full participation, or local SGD: K local steps, then exact averaging.
 *
 *     x = x - eta g
 *     every K steps:  x = mean x
 *
 * McMahan et al.: Communication-efficient learning of deep networks from decentralized data (AISTATS 2017).
 */
export const fedavg: AlgorithmDefinition<typeof hyperparameters.shape> = {
  id: 'fedavg',
  title: 'FedAvg (local SGD)',
  source: 'McMahan et al. (2017)',
  whatIsSent: 'The model to every other worker once every K steps, whatever the topology.',
  partners: 'everybody',
  compressors: 0,
  hyperparameters,
  stepsPerRound: ({ localSteps }) => localSteps,
  create({ localSteps }, { model: x }) {
    return {
      model: x,
      async step(view) {
        x.add(-view.learningRate, await view.gradient(x))
        if ((view.step + 1) % localSteps === 0) await view.average({ model: x })
      },
      async onViewChange() {},
      dispose() {},
    }
  },
}
