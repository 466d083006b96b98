import type { LessonInput } from '../schema.ts'

const method = (id: 'd-sum' | 'gt-dsum', localSteps = 6) => ({ algorithm: { id, localSteps } })

export const gradientTracking: LessonInput = {
  id: 'gradient-tracking',
  title: 'Gradient tracking',
  summary: 'GT-DSUM against D-SUM: correcting each worker’s gradient by what the others’ gradients say.',
  config: {
    ...method('d-sum'),
    topology: 'ring',
    workers: 4,
    trainImages: 4000,
    testImages: 200,
    batchSize: 32,
    steps: 120,
    evaluateEvery: 12,
    learningRate: 0.004,
    augment: false,
    alpha: 0.1,
    backend: 'simd',
  },
  controls: ['alpha', 'algorithm', 'learningRate', 'seed'],
  steps: [
    {
      title: 'Drift without a tracker',
      text: [
        'Four workers on a ring, very different shards (α = 0.1), and local steps between two rounds: D-SUM. Each worker’s gradient leads to the optimum of its own shard.',
      ],
      watch: 'the consensus distance, and the thin lines below the dashed one.',
      seen: 'The averaged model ends at 77 %, the workers at 65 % on average; the consensus distance stays between 0.12 and 0.17.',
      axis: 'steps',
    },
    {
      title: 'Add a gradient tracker',
      text: [
        'GT-DSUM gives each worker a correction c_i, and steps along g_i + c_i. Each round: c_i ← c_i − v̄_i + Σ_j W_ij v̄_j, where v̄ is the mean corrected gradient since the last round. So c_i learns how the neighbors’ gradients differ from its own.',
        'All corrections together are always zero: nobody is favored, the mean of the models goes where it would go.',
      ],
      watch:
        'the consensus distance against the lettered line of D-SUM, and how near the mean of the workers (bold, solid) comes to the averaged model (dashed).',
      seen: 'The models stay closer together: 0.06 instead of 0.12 at the end, and the workers reach 80 % on average instead of 65 %. The averaged model gains less: 82 % instead of 77 %, and in the middle of the run it was behind (43 % against 60 % at step 84).',
      trials: [{ label: 'Add the tracker: GT-DSUM', config: method('gt-dsum') }],
    },
    {
      title: 'The tracker on screen',
      text: [
        'The view Workers, which is open now, has the tracker error at each evaluation: how far the mean of the trackers is from the mean of the last gradients. That the two are equal is what the proof of the method stands on.',
        'Start the same run once more, or look at the one before if it is still on screen.',
      ],
      watch: 'the tracker error, and that it stays where it is while the models learn.',
      seen: 'Between 3e-8 and 9e-8 in the whole run: single precision rounds at 6e-8. No step of any worker, however different its pictures, moves the mean.',
      view: 'workers',
      trials: [{ label: 'GT-DSUM again', config: method('gt-dsum') }],
    },
    {
      title: 'What it costs',
      text: [
        'GT-DSUM sends three vectors where D-SUM sends one: the model, the momentum and the tracker. The numbers below the charts list them. For the same bytes D-SUM can talk three times as often.',
      ],
      watch: 'the chart of accuracy against MB: which is the better buy here?',
      seen: 'For the same 32 MB per worker D-SUM with K = 2 has the better averaged model, 87 % against 82 %, and GT-DSUM the better workers, 80 % against 75 %. Per megabyte the cheapest is still D-SUM with K = 6: 77 % for 11 MB. Tracking removes the bias of unequal shards in the long run; in so short a run, talking more often buys as much.',
      axis: 'megabytes',
      trials: [{ label: 'D-SUM, three times as often', config: method('d-sum', 2) }],
    },
  ],
}
