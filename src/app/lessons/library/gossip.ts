import type { LessonInput } from '../schema.ts'

export const gossip: LessonInput = {
  id: 'what-gossip-averaging-does',
  title: 'What gossip averaging does',
  summary: 'Twelve workers, no server. How far apart do their models get, and what do the links between them change?',
  config: {
    algorithm: { id: 'd-psgd' },
    workers: 12,
    trainImages: 2400,
    testImages: 60,
    batchSize: 8,
    steps: 30,
    evaluateEvery: 3,
    learningRate: 0.05,
    augment: false,
    backend: 'simd',
  },
  controls: ['topology', 'algorithm', 'workers', 'seed'],
  steps: [
    {
      title: 'Nobody talks',
      text: [
        'Twelve workers begin with the same model. Each has pictures of its own and learns from them alone: x ← x − η g.',
        'The consensus distance says how far the models are from their mean, on average.',
      ],
      watch: 'the consensus distance: does it ever stop growing?',
      seen: 'It is at 1.1 after three steps and at 1.5 after thirty: the first, large gradients pull the models apart, and nothing ever brings them together. The bytes stay at zero.',
      axis: 'steps',
      config: { algorithm: { id: 'local', beta: 0 } },
    },
    {
      title: 'Gossip on a ring',
      text: [
        'Now each worker averages its model with those of its two neighbors after every step: x_i ← Σ_j W_ij x_j. W is the mixing matrix; its rows and columns sum to one, so the mean of all models stays where it is.',
        'Nobody ever sees all models, and still they stay together.',
      ],
      watch: 'the consensus distance against the lettered line of the run before: what learning pulls apart, gossip pulls together.',
      seen: 'It falls from 0.55 to 0.21, a seventh of the run without gossip, and stays about there: each step pulls the models apart as far as gossip brings them together.',
      config: { topology: 'ring' },
    },
    {
      title: 'More links',
      text: [
        'How fast gossip brings models together is one number of the drawing at the right, the spectral gap: 1 minus the second largest size of an eigenvalue of W. Each round of gossip shrinks disagreement by at least the factor 1 − gap.',
        'On a torus everybody has four neighbors; on a complete graph, all.',
      ],
      watch: 'where the curve levels off, and the spectral gap above the drawing.',
      seen: 'Torus: spectral gap 0.4 instead of 0.089 on the ring, and a consensus distance of 0.11 instead of 0.21. Complete graph: gap 1, all models equal after each round; on the logarithmic axis there is no place for zero, so the curve is gone. Accuracy is still near guessing: thirty steps are enough for consensus, not for learning.',
      config: {},
      trials: [
        { label: 'Bend the ring to a torus', config: { topology: 'torus' } },
        { label: 'Link everybody with everybody', config: { topology: 'complete' } },
      ],
    },
    {
      title: 'Links are paid for in bytes',
      text: [
        'Every link carries a whole model in every round. The chart of bytes shows the bill: two models a step on the ring, four on the torus, eleven on the complete graph.',
        'An exponential graph links each worker with those 1, 2, 4 and 8 places further on. Is it worth its links?',
      ],
      watch: 'the bytes and the consensus distance together, against the earlier runs.',
      seen: 'It sends as much as the torus, 32 MB per worker, has the same spectral gap, 0.4, and the same consensus distance, 0.12. The ring took 16 MB, the complete graph 88 MB. With twelve workers the torus is as good; with more, its gap shrinks faster.',
      trials: [{ label: 'Try the exponential graph', config: { topology: 'exponential' } }],
    },
  ],
}
