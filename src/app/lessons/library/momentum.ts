import type { LessonInput } from '../schema.ts'

const dSum = (beta: number, s: number) => ({ algorithm: { id: 'd-sum', beta, s } })

export const momentum: LessonInput = {
  id: 'momentum-heavy-ball-nesterov-and-between',
  title: 'Momentum: heavy ball, Nesterov and between',
  summary: 'One number, s, goes from heavy ball through Nesterov to no momentum at all.',
  config: {
    ...dSum(0, 0),
    topology: 'complete',
    workers: 2,
    trainImages: 4000,
    testImages: 200,
    batchSize: 32,
    steps: 120,
    evaluateEvery: 10,
    learningRate: 0.005,
    augment: false,
    alpha: 100,
    backend: 'simd',
  },
  controls: ['algorithm', 'learningRate', 'seed'],
  steps: [
    {
      title: 'Plain SGD with a small step',
      text: [
        'Two workers with nearly even shards, averaged after every step. With β = 0 there is no momentum: x ← x − η g, and η = 0.005 is small.',
      ],
      watch: 'the loss: how long does it stay near 2.3, which is guessing?',
      seen: 'The loss stays near 2.3 for most of the run, and 36 % of the test pictures are named right at its end.',
      axis: 'steps',
    },
    {
      title: 'Add momentum',
      text: [
        'Heavy ball remembers: m ← β m + g, x ← x − η m. With β = 0.9 a gradient goes on acting for about ten steps, so steps in a steady direction add up to ten times as much.',
      ],
      watch: 'the accuracy against the lettered line of plain SGD.',
      seen: '94 % instead of 36 %, with the same number of steps and bytes. The two lines part at about step 20.',
      trials: [{ label: 'Add momentum: β = 0.9', config: dSum(0.9, 0) }],
    },
    {
      title: 'Look ahead: Nesterov',
      text: [
        'D-SUM has one family for all: x ← x − η [ s g + (1 − s (1 − β)) m ]. With s = 0 it is heavy ball. With s = 1 it is Nesterov: the newest gradient counts a little more than its place in the memory.',
      ],
      watch: 'both curves together: is one steadier?',
      seen: 'Nesterov is ahead in the middle (81 % against 62 % at step 60) and ends at 97 %; heavy ball ends at 94 %, a difference that may be chance with 200 test pictures.',
      trials: [{ label: 'Nesterov: s = 1', config: dSum(0.9, 1) }],
    },
    {
      title: 'Everything between, and the end',
      text: [
        'Further along, s = 5 takes half of each step from the newest gradient. At s = 1 / (1 − β) = 10 the factor of m is zero: this is plain SGD again, with the step 10 η = 0.05.',
      ],
      watch: 'how much of the gain was memory, and how much was just a larger step: compare s = 10 with the first run.',
      seen: 's = 5 ends at 95 %, like heavy ball and Nesterov. s = 10 ends at 83 %: most of the gain over 36 % was the larger step, the rest was memory, which evens out the noise of the mini-batches.',
      trials: [
        { label: 'Half way: s = 5', config: dSum(0.9, 5) },
        { label: 'No memory, large step: s = 10', config: dSum(0.9, 10) },
      ],
    },
  ],
}
