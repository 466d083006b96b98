import type { LessonInput } from '../schema.ts'

export const megabyte: LessonInput = {
  id: 'what-a-megabyte-buys',
  title: 'What a megabyte buys',
  summary: 'Four ways to train on the same shards, compared by what they send instead of by how long they take.',
  config: {
    algorithm: { id: 'd-sum' },
    topology: 'ring',
    workers: 4,
    trainImages: 4000,
    testImages: 200,
    batchSize: 32,
    steps: 100,
    evaluateEvery: 10,
    learningRate: 0.01,
    augment: false,
    alpha: 1,
    backend: 'simd',
  },
  controls: ['algorithm', 'compressor', 'float16', 'seed'],
  steps: [
    {
      title: 'The full price',
      text: [
        'Four workers on a ring, moderately different shards (α = 1). D-SUM sends the whole model, 267 kB, to two neighbors after every step.',
      ],
      watch: 'the chart of accuracy against MB: how many megabytes has the first half of the way taken?',
      seen: '96 % with the averaged model for 53 MB per worker; half of that accuracy took about 25 MB.',
      axis: 'megabytes',
    },
    {
      title: 'Talk less often, or in shorter words',
      text: ['Ten local steps between two rounds: a tenth of the bytes. Or 16 bits a number instead of 32: half of them, rounded.'],
      watch: 'all curves over megabytes: a line further to the left buys more. Switch the axis to steps to see the other side.',
      seen: 'Ten local steps: 82 % with the averaged model for 5.3 MB, where the full price buys 96 % for 53 MB. 16-bit values: 96 % for 27 MB, as good as 32 bits at half the price. At 5 MB the first run had 16 %.',
      axis: 'megabytes',
      trials: [
        { label: 'Ten local steps', config: { algorithm: { id: 'd-sum', localSteps: 10 } } },
        { label: '16-bit values', config: { float16: true } },
      ],
    },
    {
      title: 'Send only what matters most',
      text: [
        'GMC sends the largest 1 % of the entries, to everybody, and remembers the rest. CHOCO-SGD compresses the differences of models between neighbors on the ring.',
      ],
      watch: 'where each curve is at 1 MB.',
      seen: 'GMC reaches 88 % for 1 MB per worker, a fiftieth of the full price. CHOCO-SGD with its cautious consensus step (γ = 0.1) and no momentum comes to 44 % with the averaged model for 0.7 MB.',
      axis: 'megabytes',
      trials: [
        { label: 'GMC, top 1 %', config: { algorithm: { id: 'gmc' } } },
        { label: 'CHOCO-SGD, top 1 %', config: { algorithm: { id: 'choco-sgd' } } },
      ],
    },
  ],
}
