import type { Experiment, QuadraticPreset } from '../../cluster/quadratic/index.ts'

/** Every sentence of the page, save the one about the figures (sentence.ts). */
export const texts = {
  title: 'Quadratic',
  subtitle: "the small experiment of the GMC paper's section 3.2",
  back: 'To the lab',
  seen: 'Every worker pulls towards its own minimizer, and sends only the k largest entries. In DGC each worker keeps a momentum of its own, so what it has not sent yet swings the common model round the optimum. In GMC the momentum is the common model’s, and it settles much nearer.',
  chosen:
    'The constants are chosen to show this, because the paper’s are lost. That GMC is also faster, as the paper says, does not show: where k is very small it settles nearest but comes near later than DGC.',
  settings: 'Experiment',
  methods: 'Methods',
  presets: { plane: 'Plane', large: '100 dimensions' } satisfies Record<QuadraticPreset, string>,
  presetHelp: {
    plane: '2 workers, 2 dimensions: the ways can be drawn.',
    large: '8 workers, 100 dimensions, drawn from the seed.',
  } satisfies Record<QuadraticPreset, string>,
  fields: {
    preset: 'Problem',
    methods: 'Methods',
    k: 'k, entries sent',
    beta: 'Momentum β',
    learningRate: 'Learning rate',
    steps: 'Steps',
    seed: 'Seed',
  } satisfies Record<keyof Experiment, string>,
  kHelp: 'Several with commas',
  reset: 'Defaults',
  plane: 'Ways to the optimum',
  planeHelp:
    'The lines are contours of the objective of all workers together: equal height on each. Every method begins at the start; its marks stand at a few of its steps, the largest at the last.',
  view: 'Part of the plane',
  views: { whole: 'Whole way', near: 'Second half, close up' },
  drawnK: 'k that is drawn',
  optimum: 'optimum',
  start: 'start',
  minimizer: (worker: number) => ['minimizer of', `worker ${worker}`] as const,
  distance: (k: number) => `Distance to the optimum, k = ${k}`,
  distanceHelp:
    'How far the common model is from the optimum after each step. The axis is logarithmic: each line down is ten times nearer.',
  figures: 'Figures',
  figuresHelp:
    'Tail: mean distance over the last 10 % of the steps. Near at: the first step that ends within 20 % of the distance at the start.',
  columns: { method: 'Method', k: 'k', end: 'At the end', tail: 'Tail', near: 'Near at' },
  all: 'all',
  never: 'never',
  diverged: 'diverged',
  computing: 'Computing …',
  badAddress: 'The address of this page had parts that cannot be used:',
  dismiss: 'Dismiss',
} as const
