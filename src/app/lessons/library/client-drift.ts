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
      seen: 'About 66 % after 96 steps, for 77 MB sent by each worker. The learning rate is large, so much depends on chance: with three other seeds it was 77 or 78 %.',
      axis: 'steps',
    },
    {
      title: 'Stay at home for longer',
      text: [
        'Now each worker takes K steps on its own before the models are averaged: 1/K of the bytes. In these steps it goes to where its own pictures want it. That is client drift; the mean of the places where the four end up is not where they would have gone together.',
      ],
      watch: 'accuracy against steps, then switch the horizontal axis to MB: per byte the picture is another one.',
      seen: 'After 96 steps about 39 % with K = 8 and 35 % with K = 24, instead of 66 %. But the bytes are 9.6 and 3.2 MB instead of 77, and at 9.6 MB the run that averages after every step was still guessing.',
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
      seen: 'Within the last round the workers fall from 29 % to 16 % on average, then averaging lifts them to 35 %. The mean of their models, which nobody holds in between, has 30 % or more all the time. The consensus distance grows from 0.44 to 0.63 in each round and has no place on the logarithmic axis when it is zero: hence the gaps.',
      axis: 'steps',
      trials: [{ label: 'Evaluate within the rounds', config: { ...dSum(24), evaluateEvery: 6 } }],
    },
    {
      title: 'Is it the steps or the data?',
      text: ['The same K = 24 with nearly even shards. Every worker pulls in nearly the same direction, so being alone does less harm.'],
      watch: 'the averaged model against the lettered line of the run before.',
      seen: '59 % instead of 35 %, with the same 3.2 MB. The gap to the 66 % of averaging after every step (77 or 78 % with other seeds) is smaller, but not closed: mini-batches alone make workers drift a little.',
      trials: [{ label: 'Share the pictures evenly, K = 24', config: { ...dSum(24), alpha: 100 } }],
    },
    {
      title: 'Which way does each worker go?',
      text: [
        'The view Workers, which is open now, shows drift as a number: the cosine between the way a worker’s model went since the last evaluation and the way of the mean of all. 1 is the same direction, 0 has nothing to do with it.',
        'Both runs are evaluated every 12 steps, once in the middle of a round and once right after averaging.',
      ],
      watch: 'the chart of drift: one line for each worker. Compare very different with nearly even shards.',
      seen: 'With very different shards the cosine lies between 0.1 and 0.5: most of what a worker does alone is not what the others do. With nearly even ones it rises from 0.4 to 0.7 to 0.9.',
      view: 'workers',
      axis: 'steps',
      trials: [
        { label: 'Very different shards', config: { ...dSum(24), evaluateEvery: 12 } },
        { label: 'Nearly even shards', config: { ...dSum(24), evaluateEvery: 12, alpha: 100 } },
      ],
    },
  ],
}
