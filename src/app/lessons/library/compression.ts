import type { LessonInput } from '../schema.ts'

/** 1 / 400 of the entries. */
const compressor = { id: 'top-k', ratio: 0.0025 }

export const compression: LessonInput = {
  id: 'compression-and-error-feedback',
  title: 'Compression and error feedback',
  summary: 'Send one entry of 400 and keep the rest for later. Where the momentum is kept decides whether that works.',
  config: {
    algorithm: { id: 'dmsgd' },
    workers: 4,
    trainImages: 4000,
    testImages: 200,
    batchSize: 32,
    steps: 100,
    evaluateEvery: 10,
    learningRate: 0.01,
    augment: false,
    alpha: 0.1,
    backend: 'simd',
  },
  controls: ['alpha', 'algorithm', 'compressor', 'seed'],
  steps: [
    {
      title: 'Send everything',
      text: [
        'Four workers with very different shards (α = 0.1). In every step each sends its whole gradient, all 66,730 numbers, and all take the same step with the mean: momentum SGD, distributed (DMSGD).',
      ],
      watch: 'accuracy, and the megabytes per worker.',
      seen: '99 % after 100 steps, and 80 MB sent by each worker: everybody sends 267 kB to three others in each step.',
      axis: 'steps',
    },
    {
      title: 'Now compress 400 times',
      text: [
        'Top-k sends only the largest entries: here 0.25 %, 167 numbers with their places. The rest is not thrown away but stays in a residual e and is added to what comes next: error feedback.',
        'GMC compresses e + g + β q, where q is the last common step: the momentum is that of the common model, global.',
      ],
      watch: 'accuracy against the lettered line of DMSGD, first over steps, then in the chart over MB.',
      seen: '55 % for 0.26 MB per worker: learning is slower, but it goes on, and per megabyte nothing comes near it. On the scale of 80 MB the line is at the very left edge.',
      trials: [{ label: 'Compress 400 times with GMC', config: { algorithm: { id: 'gmc' }, compressor } }],
    },
    {
      title: 'Whose momentum?',
      text: [
        'Deep gradient compression (DGC) keeps a momentum on each worker, u_i ← β u_i + g_i, adds it up, and sends the largest entries of the sum. With different shards each momentum runs in a direction of its own, and what waits in the residuals is older with each step.',
        'Momentum factor masking forgets the momentum of what was just sent.',
      ],
      watch: 'both local-momentum runs against GMC: same data, same number of bytes.',
      seen: 'Neither learns: 15 % and 14 % at the end, hardly more than guessing with ten classes, where GMC has 55 %.',
      trials: [
        { label: 'Local momentum: DGC', config: { algorithm: { id: 'dgc', masking: false }, compressor } },
        { label: 'DGC with masking', config: { algorithm: { id: 'dgc', masking: true }, compressor } },
      ],
    },
    {
      title: 'Is it the data?',
      text: [
        'Nearly even shards: now all workers’ gradients point in much the same direction, and so do their local momenta. Does that save DGC?',
      ],
      watch: 'how far DGC and GMC are apart now.',
      seen: 'GMC gains: 68 % instead of 55 %. DGC does not: 11 %. So it is not the data alone. A likely reason is delay: a typical entry waits for hundreds of steps, local momentum adds up to ten times its gradients meanwhile, and all of it arrives at once. The DGC paper begins with weaker compression and clips gradients; this run does neither. A fifth of the learning rate brought it to 21 %.',
      trials: [
        { label: 'DGC, even shards', config: { algorithm: { id: 'dgc', masking: false }, compressor, alpha: 100 } },
        { label: 'GMC, even shards', config: { algorithm: { id: 'gmc' }, compressor, alpha: 100 } },
      ],
    },
    {
      title: 'In two dimensions',
      text: [
        'The GMC paper has an experiment small enough to draw: two workers, two parameters, one entry sent per step. There you can follow every step of DMSGD, GMC and DGC.',
        'Send one entry, k = 1, and look where each method ends; then k = 2, no compression.',
      ],
      links: [{ label: 'Open the quadratic (new tab)', page: 'quadratic.html' }],
      trials: [
        { label: 'Back here: compress only 100 times', config: { algorithm: { id: 'gmc' }, compressor: { id: 'top-k', ratio: 0.01 } } },
      ],
      watch: 'here, what four times as many bytes buy.',
      seen: 'On the quadratic with k = 1 GMC settles 0.05 from the optimum, DGC 0.47, and with masking 0.22. Here GMC at 1 % reaches 82 % instead of 55 %, for 1 MB per worker instead of 0.26.',
    },
  ],
}
