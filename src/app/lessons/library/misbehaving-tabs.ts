import type { LessonInput } from '../schema.ts'

export const misbehavingTabs: LessonInput = {
  id: 'when-tabs-misbehave',
  title: 'When tabs misbehave',
  summary: 'Real tabs this time: one is slow, one loses messages, and one is closed in the middle of the run.',
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
      title: 'A straggler',
      text: [
        'Open “Make this tab misbehave” in one of the tabs, under its list of the swarm, and make each of its gradients 200 ms longer. Then start again, with four tabs.',
        'Gossip is synchronous here: a worker goes on when it has heard of its neighbors for this step. A neighbor of the slow tab waits for it, its other neighbor waits in turn, and soon the whole ring goes at one pace.',
      ],
      watch: 'the speeds in the list of the swarm, who waits for whom, and the accuracy over seconds.',
      seen: 'On two cores our 200 steps took 51 s instead of 41, and every tab fell from 86 to 67 images per second, not just the slow one. Where each tab has a processor of its own the difference is larger. Over steps the curves are the same, and the final models are equal to the last bit.',
      tabs: true,
      axis: 'seconds',
    },
    {
      title: 'Lost messages',
      text: [
        'Set the gradients back, and let 20 % of the messages that this tab sends get lost instead.',
        'A data channel keeps order and loses nothing: what got lost is sent again after a second, and what came after it waits. So a bad link, too, costs time and changes no number.',
      ],
      watch: 'how the run stutters, the accuracy over seconds, and then over steps: there the curves of both runs lie on each other.',
      seen: '111 s instead of 41: one bad link out of four, and everybody is at 33 images per second. Over steps both curves lie on each other, and the final models are again equal to the last bit.',
      tabs: true,
      axis: 'seconds',
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
