import type { XAxis } from './metrics/chart-rows.ts'
import type { RoomPhase, RunPhase } from './store.ts'

/** Every sentence the dashboard says on its own; help texts of fields come from the schema. */
export const texts = {
  brand: 'Tabswarm',
  tabs: { run: 'Run', charts: 'Charts', swarm: 'Swarm' },
  controls: {
    start: 'Start',
    pause: 'Pause',
    resume: 'Resume',
    step: 'Step',
    stepHint: 'Train one communication round, then pause',
    stop: 'Stop',
    reset: 'Reset',
    resetHint: 'Clear the charts and put the form back to its defaults',
    lockedHint: 'The host has locked this room: only the host can start and steer runs',
    invalidHint: 'Some fields of the run are not valid yet',
    closedHint: 'This tab is not in a room yet',
  },
  room: {
    lock: 'Lock room',
    unlock: 'Unlock room',
    lockHint: 'Locked: only the host can start and steer runs',
    onlyHostLocks: 'Only the host can lock the room',
    copy: 'Copy link',
    copied: 'Link copied',
    open: 'Open another tab',
    rename: 'Name of this tab',
  },
  xAxis: { steps: 'Steps', epochs: 'Epochs', megabytes: 'MB', seconds: 'Seconds' } satisfies Record<XAxis, string>,
  xAxisUnits: { steps: 'steps', epochs: 'epochs', megabytes: 'MB sent per worker', seconds: 'seconds' } satisfies Record<XAxis, string>,
  charts: {
    accuracy: 'Test accuracy',
    loss: 'Training loss',
    consensus: 'Consensus distance',
    bytes: 'Bytes sent',
    price: 'Accuracy against MB',
    numbers: 'Latest numbers',
    empty: 'No data yet: press Start',
    emptyPreparing: 'Getting ready: data comes with the first step',
    emptyEvaluation: (step: number) => `First evaluation after step ${step.toLocaleString('en-US')}`,
    emptyOver: 'This run ended before there was anything to show',
    emptyEqual: 'All models are exactly equal: a distance of 0 has no place on a log axis',
    emptyAtEnd: 'Evaluated once, at the end of the run',
    emptyAloneBytes: 'One worker sends nothing: open another tab and start again',
    emptyAlone: 'One worker agrees with itself: there is no distance to show',
  },
  lines: { mean: 'mean', worst: 'worst', averaged: 'avg. model', distance: 'distance to the mean model' },
  empty: {
    shards: 'Who holds which pictures appears here when a run starts.',
    topology: 'Connecting to the room.',
    log: 'Nothing has happened yet.',
  },
  runPhase: {
    preparing: 'Preparing',
    running: 'Running',
    paused: 'Paused',
    finished: 'Finished',
    stopped: 'Stopped',
    failed: 'Failed',
  } satisfies Record<RunPhase, string>,
  idle: 'Ready',
  roomPhase: { connecting: 'connecting', open: 'open', offline: 'signalling lost', failed: 'not connected' } satisfies Record<
    RoomPhase,
    string
  >,
  status: { here: 'here', lost: 'gone', training: 'training', paused: 'paused', ready: 'ready' },
  noAdapter: 'no WebGPU adapter',
  hiddenWarning: 'This tab was hidden: browsers slow down what nobody sees. Training goes on in its worker.',
  linkHint: 'Links light up when bytes cross them. Point at one to see how many.',
  aloneHint: 'One worker: open another tab to give it a neighbor.',
  log: 'Log',
  export: 'Export',
  dismiss: 'Dismiss',
  less: 'Fewer options',
  more: (names: string[]) => `More: ${names.map((name) => name.toLowerCase()).join(', ')}`,
  datasetMissing: 'not available',
  drop: 'Drop an official CIFAR archive (binary version, .tar.gz) anywhere on the page to prepare it in this browser.',
} as const

/** Short names of fields where splitting the schema's name into words is not good enough. */
const fieldLabels: Record<string, string> = {
  'algorithm.id': 'Algorithm',
  'algorithm.beta': 'Momentum β',
  'algorithm.s': 'Momentum kind s',
  dataset: 'Data set',
  alpha: 'Dirichlet α',
  evaluateEvery: 'Evaluate every (steps)',
  warmupEpochs: 'Warm-up (epochs)',
  steps: 'Steps per worker',
  schedule: 'Rate schedule',
}

export function fieldLabel(path: string): string {
  if (Object.hasOwn(fieldLabels, path)) return fieldLabels[path]
  const words = (path.split('.').at(-1) ?? path).replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const optionLabels: Record<string, string> = {
  shapes10: 'Shapes-10 (built in)',
  cifar10: 'CIFAR-10',
  cifar100: 'CIFAR-100',
  iid: 'even (IID)',
  dirichlet: 'skewed by class (Dirichlet)',
  cnn: 'Small CNN',
  'resnet20-gn': 'ResNet20 (GroupNorm)',
  wasm: 'WebAssembly (wasm)',
  webgpu: 'WebGPU',
  webgl: 'WebGL',
  cpu: 'plain JavaScript (cpu)',
  auto: 'automatic',
  step: 'step (×0.1 at 50 % and 75 %)',
}

export const optionLabel = (option: string): string => (Object.hasOwn(optionLabels, option) ? optionLabels[option] : option)
