import type { AlgorithmConfig } from '../../engine/index.ts'
import { formatCount } from '../format.ts'

export const method = {
  method: {
    title: 'Method',
    help: 'What each worker i does, as the paper writes it. Marked lines need what other workers sent: they cost bytes. All others are a worker’s own business.',
    invalid: 'Some fields of the run are not valid yet: its equations appear when they are.',
    thisRun: 'of this run',
    notation: 'Letters or numbers in the equations',
    letters: 'Letters',
    numbers: 'Numbers',
    everyStep: 'At every gradient step',
    everyRound: ({ localSteps, resetInterval }: AlgorithmConfig) => {
      const steps = Number(localSteps ?? resetInterval)
      return steps === 1 ? 'Then, after every step' : `Then, after every ${formatCount(steps)} steps`
    },
    sends: 'exchanges',
    sent: 'Sent:',
    symbols: 'Symbols',
    symbolsHelp: 'What the letters stand for, with the values of the run. The learning rate follows its schedule while the run goes on.',
    rate: (schedule: string) => `Learning rate at the start (${schedule} schedule)`,
    rateNow: (schedule: string) => `Learning rate of the last step (${schedule} schedule)`,
    weightDecay: 'Weight decay: L2 regularization, added to every gradient',
    workers: 'Number of workers',
    loss: (batchSize: number) => `Cross-entropy on a mini-batch of ${formatCount(batchSize)} pictures of worker i’s own shard`,
    mixing: (topology: string) => `Weight of worker j’s vector at worker i in gossip; 0 unless they are neighbors (${topology})`,
    compressor: (name: string, share: string | null) =>
      share ? `What is sent of a vector v: ${name}, ${share} of its entries` : `What is sent of a vector v: ${name}`,
  },
} as const
