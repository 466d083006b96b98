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
      tabs: true,
      axis: 'steps',
    },
    {
      title: 'Close one in the middle',
      text: [
        'Start again with four tabs. When the run is at about step 50, close one of the other tabs.',
        'The survivors notice that its link is gone, agree on a new view (who is still here, in which order, linked how), and go on from their last common step. What only the closed tab had seen in its shard is lost.',
      ],
      watch: 'the drawing: the ring closes again without the lost worker. Its line in the charts ends; the others go on.',
      tabs: true,
    },
    {
      title: 'A ring or a chain?',
      text: [
        'The links of a topology are made anew for those who are left, and every new mixing matrix has rows and columns that sum to one: the mean of the models that are left is kept.',
        'Try the same on a star or a chain, and close the tab in the middle of the star.',
      ],
      watch: 'the consensus distance after the loss, and whether the run goes on at all.',
      tabs: true,
      trials: [
        { label: 'A star', config: { topology: 'star' } },
        { label: 'A chain', config: { topology: 'chain' } },
      ],
    },
  ],
}
