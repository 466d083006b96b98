import type { LessonInput } from '../schema.ts'

export const misbehavingTabs: LessonInput = {
  id: 'when-tabs-misbehave',
  title: 'When tabs misbehave',
  summary: 'Real tabs this time: open some, start, and close one in the middle of the run.',
  simulated: false,
  config: {
    algorithm: { id: 'd-sum' },
    topology: 'ring',
    trainImages: 4000,
    testImages: 100,
    batchSize: 16,
    steps: 200,
    evaluateEvery: 20,
    learningRate: 0.01,
    augment: false,
    alpha: 0.5,
    backend: 'simd',
  },
  controls: ['topology', 'algorithm', 'steps', 'seed'],
  steps: [
    {
      title: 'Open three more tabs',
      text: [
        'In this lesson the workers are tabs of the browser, linked with each other. Open three more and leave them open; windows side by side are best, because browsers slow down what nobody sees.',
        'Then start here. All four get their shards and the same first model.',
      ],
      watch: 'the list of the swarm: who computes, who waits for whom. Together they go as fast as the slowest.',
      seen: 'Four tabs, nobody disturbed: 99 % with the averaged model after 200 steps, the workers at 96 to 99 %.',
      tabs: true,
      axis: 'steps',
    },
    {
      title: 'Close one in the middle',
      text: [
        'Start again with four tabs. The shard table says who holds what: all 400 stars are with worker 3, the fourth tab. When the run is at about step 50, close that one.',
        'The survivors notice that its link is gone, agree on a new view (who is still here, in which order, linked how), and go on from their last common step. What only the closed tab had seen in its shard is lost.',
      ],
      watch: 'the drawing: the ring closes again without the lost worker. Its line in the charts ends; the others go on.',
      seen: 'We closed tab 4 at step 52. The others went on within a step or two and came to 88 % instead of 99 %: from then on nobody saw a star, and of 400 rings 106 were left. With three on a ring everybody is everybody’s neighbor, so the models are equal after each round and the consensus distance leaves its axis.',
      tabs: true,
    },
    {
      title: 'A ring or a chain?',
      text: [
        'The links of a topology are made anew for those who are left, and every new mixing matrix has rows and columns that sum to one: the mean of the models that are left is kept.',
        'Open a fourth tab again, and try the same on a star, whose middle is this tab, or on a chain: close the tab next to this one.',
      ],
      watch: 'the consensus distance after the loss, and whether the run goes on at all.',
      seen: 'On the star the averaged model ended at 98 % after losing tab 2 at step 53, on the chain at 98 % too, the workers at 95 and 96 %. A chain cut in the middle is closed again, so nobody is left alone. These runs lost less than the last one because other pictures went: after tab 2 or tab 3 left, the others still had at least a few of every class.',
      tabs: true,
      trials: [
        { label: 'A star', config: { topology: 'star' } },
        { label: 'A chain', config: { topology: 'chain' } },
      ],
    },
  ],
}
