import type { LessonInput } from '../schema.ts'

export const nonIid: LessonInput = {
  id: 'what-non-iid-data-does',
  title: 'What non-IID data does',
  summary: 'The same pictures, shared out more and more unevenly: what each worker knows, and what their mean knows.',
  config: {
    algorithm: { id: 'd-sum', localSteps: 4 },
    topology: 'ring',
    workers: 6,
    trainImages: 3000,
    testImages: 200,
    batchSize: 16,
    steps: 96,
    evaluateEvery: 12,
    learningRate: 0.02,
    augment: false,
    alpha: 100,
    backend: 'simd',
  },
  controls: ['alpha', 'algorithm', 'topology', 'seed'],
  steps: [
    {
      title: 'Nearly even shards',
      text: [
        'Six workers share 3,000 pictures of ten shapes. The Dirichlet parameter α says how: with α = 100 everybody has nearly as many pictures of each class.',
        'Each trains four steps on its own, then averages with its two neighbors.',
      ],
      watch: 'the shard table at the bottom right: all cells are alike. The thin lines (one for each worker) climb together.',
      seen: '73 % on average over the workers and 76 % with the averaged model after 96 steps, the worst worker at 70 %.',
      axis: 'steps',
    },
    {
      title: 'Make the data non-IID',
      text: [
        'IID means: independent, and from the same distribution. With a smaller α each worker gets many pictures of some classes and hardly any of others. The pictures are the same as before, only shared out otherwise.',
      ],
      watch: 'the shard table, and how far the thin lines are from the dashed one, the averaged model.',
      seen: 'α = 1: the averaged model has 59 %, the workers 46 % on average, the worst 34 %. α = 0.1: 21 %, 17 % and 15 %, hardly better than guessing. At the end of each run the averaged model is ahead of the workers it is made of.',
      trials: [
        { label: 'Make the data non-IID: α = 1', config: { alpha: 1 } },
        { label: 'A few classes each: α = 0.1', config: { alpha: 0.1 } },
      ],
    },
    {
      title: 'Talk more often',
      text: [
        'A worker that has never seen a triangle cannot name one. It learns of it only through others. With one local step instead of four the workers average four times as often, at four times the bytes.',
      ],
      watch: 'the averaged model (bold dashes) against the lettered line of the run before.',
      seen: 'On the ring 84 % with the averaged model instead of 21 %, for 51 MB instead of 13 MB per worker; the local models lag behind at 63 %. With everybody linked 98 % for all of them, and 128 MB.',
      trials: [
        { label: 'Average after every step, α = 0.1', config: { alpha: 0.1, algorithm: { id: 'd-sum', localSteps: 1 } } },
        {
          label: 'The same with everybody linked',
          config: { alpha: 0.1, topology: 'complete', algorithm: { id: 'd-sum', localSteps: 1 } },
        },
      ],
    },
  ],
}
