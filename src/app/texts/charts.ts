import type { PayloadKind } from '../../engine/index.ts'
import { formatCount } from '../format.ts'
import type { XAxis } from '../metrics/chart-rows.ts'

export const charts = {
  charts: {
    accuracy: 'Test accuracy',
    loss: 'Training loss',
    consensus: 'Consensus distance',
    bytes: 'Bytes sent',
    price: 'Accuracy against MB',
    numbers: 'Latest numbers',
    empty: 'No data yet: press Start',
    intro: 'Every worker trains the same network on its own pictures, and they average what they have learned.',
    emptyPreparing: 'Getting ready: data comes with the first step',
    emptyEvaluation: (step: number) => `Next evaluation after step ${formatCount(step)}`,
    emptyOver: 'This run ended before there was anything to show',
    emptyEqual: {
      neighbors: 'All models are equal after each round: here everybody is everybody’s neighbor. With four workers on a ring they differ.',
      everybody: 'All models are equal after each round: this method averages over everybody.',
    },
    emptyAtEnd: 'Evaluated once, at the end of the run',
    emptyAloneBytes: 'One worker sends nothing: open another tab and start again',
    emptyAloneSimulated: 'One worker sends nothing: choose more workers and start again',
    emptyAlone: 'One worker agrees with itself: there is no distance to show',
  },
  chartHelp: {
    accuracy:
      'Share of the test pictures that a model names right. Each worker tests its own model; the averaged model is the mean of all of them.',
    loss: 'How wrong a worker is about the pictures it trains on (cross-entropy): with ten classes, guessing gives 2.3 and perfection 0.',
    consensus: 'How far the models of the workers are from their mean. Different data pull them apart, gossip brings them together again.',
    bytes: 'What each worker has sent for training, so far. Heartbeats and evaluations are counted apart, in the results.',
    price: 'What accuracy costs: the same accuracy, over the megabytes that each worker has sent so far.',
    numbers: 'After the last evaluation. Averaged model: the mean of all workers’ models, as one model.',
  },
  xAxis: { steps: 'Steps', epochs: 'Epochs', megabytes: 'MB', seconds: 'Seconds' } satisfies Record<XAxis, string>,
  xAxisUnits: { steps: 'steps', epochs: 'epochs', megabytes: 'MB sent per worker', seconds: 'seconds' } satisfies Record<XAxis, string>,
  smoothing: {
    label: 'Smoothing of loss and accuracy',
    help: 'A moving average over about the last 10 or 50 steps of a loss, 3 or 8 evaluations of an accuracy. Faint behind it: what was measured.',
    off: 'not smoothed',
    moderate: 'smoothed',
    strong: 'strongly smoothed',
    raw: 'raw',
  },
  lines: { mean: 'mean', worst: 'worst', averaged: 'avg. model', distance: 'distance to the mean model' },
  runs: {
    earlier: 'Earlier runs',
    help: 'One line of each run before this one, and of each that is compared under Runs, at most six, named by what was different: the averaged model’s accuracy, and the means over workers. The letters are on the lines.',
    full: 'Six runs are compared already; more could not be told apart. Take one off first.',
    fullFor: (name: string) => `“${name}” has no place: six runs are compared already. Take one off first.`,
    madeRoom: (letter: string, name: string) =>
      `Six runs are compared at most: line ${letter}, of “${name}”, made room for the run before this one.`,
    noRoom: (name: string) => `The lines of “${name}” are not in the charts: you have chosen six runs to compare. Take one off under Runs.`,
    remove: (name: string) => `Take “${name}” off the charts`,
    clear: 'Clear',
    clearHint: 'Take the curves of earlier runs off the charts',
    same: 'same settings',
    switch: { true: 'on', false: 'off' },
  },
  agreement: '0, but for rounding',
  spectralGap: 'spectral gap',
  /** of a run that has lost workers since */
  spectralGapAtStart: 'spectral gap at the start',
  /** what each worker has sent, by what the vectors hold */
  sentParts: {
    model: 'models',
    momentum: 'momentum',
    tracker: 'trackers',
    gradient: 'gradients',
    residual: 'compressed messages',
    state: 'running statistics',
    framingBytes: 'headers',
  } satisfies Record<PayloadKind | 'framingBytes', string>,
  ofThis: 'of this',
} as const
