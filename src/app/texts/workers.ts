import type { TimePart } from '../metrics/step-times.ts'

export const workers = {
  workers: {
    times: 'Where the time goes',
    timesUnit: (steps: number) => (steps === 1 ? 'ms of the last step' : `ms per step, mean of the last ${steps}`),
    timesHelp:
      'What a worker does in a training step: computing its gradient, turning vectors into messages and back, handing them over, and waiting for those of others.',
    parts: { compute: 'compute', encode: 'encode', send: 'send', wait: 'wait', exchange: 'exchange' } satisfies Record<TimePart, string>,
    part: (name: string, ms: string, share: string) => `${name} ${ms} ms (${share})`,
    ms: (ms: string) => `${ms} ms`,
    sharedProcessor: 'Simulated workers share a processor: while one waits, another computes.',
    drift: 'Drift',
    driftUnit: 'cosine with the mean update',
    driftHelp:
      'How much a worker’s way since the last evaluation is the way of all: 1 is the same direction, 0 has nothing to do with it. Lopsided shards pull workers apart.',
    driftEmpty: 'Needs two evaluations: updates are taken from one to the next',
    driftNone: 'This run had no two evaluations to compare',
    invariants: 'What holds between workers',
    invariantsHelp: 'Numbers that tell whether the method keeps what its proof relies on.',
    invariantsEmpty: 'These numbers come with the first evaluation.',
    consensusMeans: 'How far the models are from their mean; 0 would be full agreement.',
    trackerError: 'Tracker error',
    trackerMeans:
      'How far the mean of the trackers is from the mean of the last gradients, beside the size of their corrections. It should be 0, but for rounding: then all follow the gradient of everybody’s data.',
    noTrackers: 'no trackers',
    noTrackersMeans: 'This method does not track gradients; GT-DSUM, DSGT, K‑GT and momentum tracking do.',
  },
} as const
