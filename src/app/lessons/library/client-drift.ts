import type { LessonInput } from '../schema.ts'

const dSum = (localSteps: number) => ({ algorithm: { id: 'd-sum', beta: 0, localSteps } })

export const clientDrift: LessonInput = {
  id: 'local-steps-and-client-drift',
  title: 'Local steps and client drift',
  summary: 'Talking less often saves bytes. What it costs depends on whose pictures are whose.',
  config: {
    ...dSum(1),
    topology: 'complete',
    workers: 4,
    trainImages: 4000,
    testImages: 200,
    batchSize: 32,
    steps: 96,
    evaluateEvery: 12,
    learningRate: 0.05,
    augment: false,
    alpha: 0.1,
    backend: 'simd',
  },
  controls: ['alpha', 'algorithm', 'evaluateEvery', 'seed'],
  steps: [
    {
      title: 'Average after every step',
      text: [
        'Four workers with very different shards (α = 0.1), everybody linked with everybody. After each gradient step all models are averaged: this is the same as one worker with a batch four times as large.',
      ],
      watch: 'the megabytes each worker sends.',
      axis: 'steps',
    },
    {
      title: 'Stay at home for longer',
      text: [
        'Now each worker takes K steps on its own before the models are averaged: 1/K of the bytes. In these steps it goes to where its own pictures want it. That is client drift; the mean of the places where the four end up is not where they would have gone together.',
      ],
      watch: 'accuracy against steps, then switch the horizontal axis to MB: per byte the picture is another one.',
      trials: [
        { label: 'K = 8 local steps', config: dSum(8) },
        { label: 'K = 24 local steps', config: dSum(24) },
      ],
    },
    {
      title: 'Look inside a round',
      text: [
        'The same run with K = 24, evaluated every 6 steps instead of just after averaging. Between two averages each worker forgets what it cannot see in its shard.',
      ],
      watch: 'the saw: thin lines fall while workers are alone, and the consensus distance grows; every 24 steps they meet again.',
      axis: 'steps',
      trials: [{ label: 'Evaluate within the rounds', config: { ...dSum(24), evaluateEvery: 6 } }],
    },
    {
      title: 'Is it the steps or the data?',
      text: ['The same K = 24 with nearly even shards. Every worker pulls in nearly the same direction, so being alone does less harm.'],
      watch: 'the averaged model against the grey line of the run before.',
      trials: [{ label: 'Share the pictures evenly, K = 24', config: { ...dSum(24), alpha: 100 } }],
    },
  ],
}
