import type { AlgorithmConfig, PayloadKind } from '../engine/index.ts'
import { formatCount } from './format.ts'
import type { XAxis } from './metrics/chart-rows.ts'
import type { TimePart } from './metrics/step-times.ts'
import type { RoomPhase, RunPhase, RunState } from './store.ts'

/** Every sentence the dashboard says on its own; help texts of fields come from the schema. */
export const texts = {
  brand: 'Tabswarm',
  tabs: { run: 'Run', charts: 'Charts', swarm: 'Swarm' },
  views: {
    label: 'What the middle shows',
    charts: 'Charts',
    predictions: 'Predictions',
    workers: 'Workers',
    class: 'Class',
    runs: 'Runs',
    method: 'Method',
    loading: 'Loading…',
  },
  controls: {
    start: 'Start',
    pause: 'Pause',
    pausing: 'Pausing…',
    pausingHint: 'Every worker trains to the end of its round first',
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
  where: {
    label: 'Where the workers run',
    tabs: 'Tabs of this room',
    simulated: 'Simulated here',
    help: 'Each tab of the room is a worker, or this tab alone runs a whole simulated cluster: the same trainers and messages, over a network in memory, with the same numbers. Its workers share one processor, so more of them take longer.',
    simulatedNote: 'A run of this tab’s own: other tabs are not touched, and runs of the room leave this tab out until it is over.',
  },
  simulated: 'simulated',
  class: {
    tabs: 'Tabs of the class',
    teacherSteers: 'the teacher steers',
    locked: (host: string) =>
      `The teacher steers this room: only ${host}, its host, can start, pause and stop runs, assign ranks and remove tabs.`,
    open: (host: string) =>
      `${host} is the host, and alone can lock the room, assign ranks and remove tabs. Anybody may start and steer runs.`,
    host: 'You are the host: Start, Pause, Step and Stop act on every tab.',
    hostLocked: 'You are the host, and the room is locked: nobody else can start, pause or stop runs.',
    outside: 'This tab is in no room: there is no class to show.',
    simulating: 'This tab runs simulated workers of its own; what the class trains meanwhile is not shown here.',
    you: (name: string, place: string) => `You are ${name}: ${place}.`,
    worker: (rank: number, workers: number) => `rank ${rank}, one of ${workers} workers`,
    onlyWorker: 'the only worker',
    youSitOut: 'you sit out, and watch',
    youWatch: 'you watch this run, and take part in the next one',
    youAreBusy: 'you run simulated workers of your own, and take no part',
    yourShard: (classes: string) => `Your pictures are mostly ${classes}.`,
    rank: (rank: number) => `rank ${rank}`,
    watching: 'watching',
    nextRank: (rank: number) => `rank ${rank} in the next run`,
    nextOut: 'sits out the next run',
    out: 'out',
    linked: 'linked',
    linking: 'connecting…',
    hidden: 'hidden',
    busy: 'busy',
    stepOf: (step: number, steps: number) => `step ${formatCount(step)} of ${formatCount(steps)}`,
    right: (accuracy: string) => `${accuracy} right`,
    notEvaluated: 'not evaluated yet',
    loss: (name: string, first: string, last: string) => `Loss of ${name}: from ${first} to ${last}`,
    shard: (name: string, classes: string) => `Pictures of ${name}: ${classes}`,
    noDevice: 'device not known yet',
    remove: (name: string) => `Remove ${name} from the room`,
    removeTitle: (name: string) => `Remove ${name}?`,
    removeText:
      'That tab leaves the room, and a run that is on goes on without it. Its user is told, and may come back in as a new visitor.',
    removeNow: 'Remove',
    keep: 'Keep',
    assign: 'Assign ranks',
    assignDone: 'Done',
    assignHelp:
      'The order of the ranks, and so of the shards, in the next run. Move a tab with its buttons or, on them, with the arrow keys. A tab that sits out only watches.',
    asTheyCame: 'As they came in',
    up: (name: string) => `Move ${name} up`,
    down: (name: string) => `Move ${name} down`,
    takesPart: 'trains',
    takesPartLabel: (name: string) => `${name} trains in the next run`,
    moved: (name: string, rank: number) => `${name} is rank ${rank} in the next run.`,
    movedOut: (name: string) => `${name} sits out the next run.`,
  },
  removed: {
    title: 'The host has removed this tab from the room',
    text: 'It takes no part in runs any more, and does not come back by itself. What it has measured is still on screen.',
    comeBack: 'Come back in as a new visitor',
    stay: 'Stay outside',
    hint: 'The host has removed this tab from the room: it cannot start or steer runs',
  },
  room: {
    lock: 'Lock room',
    unlock: 'Unlock room',
    lockHint: 'Locked: only the host can start and steer runs',
    onlyHostLocks: 'Only the host can lock the room',
    rename: 'Name of this tab',
  },
  add: {
    title: 'Add a worker',
    tab: 'Another tab',
    simulate: 'Simulate here',
    oneMore: 'One more here',
    device: 'Phone or laptop',
    onlyHere: (host: string) => `${host} is an address of this computer for itself: phones and other computers cannot reach it.`,
    startLan: 'To let them in, stop the lab (Ctrl-C) and start it with',
    code: (url: string) => `QR code of ${url}`,
    copy: 'Copy link',
    copied: 'Link copied',
    ownCertificate: (host: string) =>
      `For devices on the same network. Where a browser warns of the certificate, choose Advanced and continue to ${host}; on an iPhone or iPad type http:// instead of https://.`,
    plainHttp: 'For devices on the same network. This address is plain http: they train without WebGPU.',
    through: (host: string) =>
      `The link has this room’s secret in it: who has it can come in. Tabs find each other through ${host}; models then go directly from tab to tab.`,
  },
  trouble: {
    title: 'Make this tab misbehave',
    help: 'To see what a swarm does with a slow or badly connected worker. It costs time; the numbers that come out stay the same.',
    slow: 'Each gradient takes',
    slowBy: (ms: number) => (ms === 0 ? 'as long as it takes' : ms < 1_000 ? `${ms} ms longer` : `${ms / 1_000} s longer`),
    loss: 'Messages it sends',
    lossRate: (rate: number) => (rate === 0 ? 'all arrive' : `${100 * rate} % get lost, and are sent again`),
    on: 'This tab misbehaves on purpose.',
  },
  gpu: {
    why: 'Why not on the GPU?',
    open: 'Open',
    serveHttps: 'The lab serves https when it is started with',
    meanwhile: 'So this tab trains on the CPU meanwhile.',
  },
  selfTestPassed: 'self-test passed',
  selfTest: (gradient: number) => `Self-test passed: its gradient of a batch is within ${gradient.toExponential(0)} of that of tfjs`,
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
    emptyEvaluation: (step: number) => `Next evaluation after step ${formatCount(step)}`,
    emptyOver: 'This run ended before there was anything to show',
    emptyEqual:
      'After each round all models are equal: here every worker averages with every other. On a chain, or with four workers on a ring, they differ.',
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
  cardHelp: {
    topology:
      'Who gossips with whom. The spectral gap says how fast news goes round: 1 reaches everybody in one round, near 0 takes many rounds.',
    swarm:
      'The workers of the run, and every tab in this room. The rank is a worker’s place in the run. The host is the tab that has been here longest; it answers to Start, but for simulated runs.',
    shards: 'How many pictures of each class each worker trains on. The smaller the Dirichlet α, the more lopsided.',
  },
  classAccuracy: {
    title: 'Accuracy by class',
    unit: (step: number) => `%, after step ${formatCount(step)}`,
    label: 'Test accuracy by class and worker',
    averaged: 'the averaged model',
    help: 'How many of the test pictures of each class each worker’s model gets right, and the averaged model. A worker that has seen few pictures of a class is bad at it; averaging brings together what the workers know.',
    empty: 'What each model can tell apart appears here with the first evaluation.',
  },
  method: {
    title: 'Method',
    help: 'What each worker i does, as the paper writes it. Marked lines need what other workers sent: they cost bytes. All others are a worker’s own business.',
    invalid: 'Some fields of the run are not valid yet: its equations appear when they are.',
    thisRun: 'of this run',
    notation: 'Letters or numbers in the equations',
    letters: 'Letters',
    numbers: 'Numbers',
    everyStep: 'At every gradient step',
    everyRound: ({ localSteps, resetInterval }: AlgorithmConfig) => {
      const steps = Number(localSteps ?? resetInterval)
      return steps === 1 ? 'Then, after every step' : `Then, after every ${formatCount(steps)} steps`
    },
    sends: 'exchanges',
    sent: 'Sent:',
    symbols: 'Symbols',
    symbolsHelp: 'What the letters stand for, with the values of the run. The learning rate follows its schedule while the run goes on.',
    rate: (schedule: string) => `Learning rate at the start (${schedule} schedule)`,
    rateNow: (schedule: string) => `Learning rate of the last step (${schedule} schedule)`,
    weightDecay: 'Weight decay: L2 regularization, added to every gradient',
    workers: 'Number of workers',
    loss: (batchSize: number) => `Cross-entropy on a mini-batch of ${formatCount(batchSize)} pictures of worker i’s own shard`,
    mixing: (topology: string) => `Weight of worker j’s vector at worker i in gossip; 0 unless they are neighbors (${topology})`,
    compressor: (name: string, share: string | null) =>
      share ? `What is sent of a vector v: ${name}, ${share} of its entries` : `What is sent of a vector v: ${name}`,
  },
  predictions: {
    title: 'Predictions',
    help: 'What this worker’s model and the averaged model take test pictures for, and some of the pictures that the worker learns from.',
    empty: 'Test pictures, and what the models take them for, appear here when a run starts.',
    emptyWatching: 'This tab takes no part in the run: pictures and predictions stay with the workers that make them.',
    whose: 'Whose predictions',
    after: (step: number) => `after step ${formatCount(step)}`,
    noneYet: 'no evaluation yet',
    averaged: 'the averaged model',
    averagedShort: 'avg',
    strip: 'Test pictures',
    stripUnit: 'the same for all workers',
    stripHelp:
      'Pictures that no worker trains on. Below each: what this worker’s model says, then the averaged model, and how sure each is; ✓ is right, ✗ is wrong.',
    picture: (name: string) => `picture of class ${name}`,
    right: 'right',
    wrong: 'wrong',
    verdict: (whose: string, name: string, sure: string, right: boolean) => `${whose}: ${name}, ${sure} sure, ${right ? 'right' : 'wrong'}`,
    confusion: 'Confusion matrix',
    confusionOf: 'Whose confusion matrix',
    confusionHelp:
      'Each row is the test pictures of one class; the columns are what the model takes them for. On the diagonal it is right; a dark cell elsewhere is a mistake that it makes often.',
    matrix: 'Test pictures by actual and predicted class; arrow keys go from cell to cell',
    map: 'map of a matrix',
    takenForAxis: 'said →',
    actualAxis: 'actual ↓',
    mapAxes: 'Rows: what the pictures are. Columns: what the model takes them for.',
    cell: (count: string, total: string, actual: string, predicted: string) =>
      actual === predicted
        ? `${count} of ${total} of class ${actual} are seen as that`
        : `${count} of ${total} of class ${actual} are taken for ${predicted}`,
    cellHint: 'Point at a cell, or go from cell to cell with the arrow keys.',
    mistakes: 'Most frequent mistakes',
    noMistakes: 'None at all.',
    takenFor: 'taken for',
    of: (count: string, total: string) => `${count} of ${total}`,
    own: (name: string) => `Pictures of ${name}`,
    ownUnit: (count: number, total: string) => `${count} of ${total}, picked at random`,
    ownHelp: 'Some of the pictures that this worker trains on, with their labels. They never leave its tab.',
  },
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
  links: {
    title: 'Bytes between this tab and the others',
    caption: 'Since they met, all runs together. Control: membership, heartbeats, metrics and evaluations.',
    columns: ['payload', 'framing', 'control'],
    to: (name: string) => `to ${name}`,
    from: (name: string) => `from ${name}`,
  },
  lessons: {
    menu: 'Lessons',
    lesson: 'Lesson',
    leave: 'Leave lesson',
    step: (step: number, count: number) => `Step ${step} of ${count}`,
    trials: 'Set the lab to',
    tried: 'tried',
    watch: 'Watch',
    start: 'Start this run',
    running: 'The run is under way…',
    otherSettings: 'The form says something else than these buttons: Start takes what it says.',
    seen: 'What we saw',
    previous: 'Previous',
    next: 'Next',
    finish: 'Finish',
    allControls: 'Show all controls',
    fewControls: 'Show only the controls of this lesson',
  },
  composer: {
    menu: 'Share as lesson…',
    title: 'Share as lesson',
    help: 'Set the form below to what a step shall begin with, then add it here. The link holds the whole lesson; nothing is sent to a server.',
    close: 'Close',
    lessonTitle: 'Title of the lesson',
    summary: 'In one sentence',
    addStep: 'Add the form as a step',
    step: (step: number) => `Step ${step}`,
    remove: 'Remove step',
    stepTitle: 'Title of the step',
    text: 'Text',
    textHelp: 'An empty line begins a new paragraph',
    watch: 'What to watch',
    onlyButton: 'Text of its button (may be empty)',
    button: (button: number) => `Text of button ${button}`,
    addButton: 'Add the form as another button',
    controls: 'Controls that stay on screen',
    allControls: 'all of them',
    missing: 'Before it can be shared:',
    copy: 'Copy lesson link',
    try: 'Try it',
    clear: 'Begin anew',
    length: (characters: number) => `The link has ${formatCount(characters)} characters.`,
  },
  keptRuns: {
    title: 'Runs kept in this browser',
    help: 'Every run that ends on this page is kept here with all its metrics, also when the page is closed: the newest 100, up to 100 MB. Nothing is sent anywhere.',
    import: 'Open a metrics file…',
    importHint: 'metrics.jsonl of lab run, lab simulate or an export; or drop it onto the page',
    loading: 'Reading the list…',
    empty: 'No runs yet. Every run that ends on this page is kept here.',
    refused: (why: string) =>
      `This browser keeps nothing for this page (${why}): a private window, perhaps. Runs stay here until the page is closed; export what you want to keep.`,
    columns: { name: 'Name', when: 'Ended', method: 'Method', workers: 'Workers', accuracy: 'Accuracy', sent: 'MB', actions: 'Actions' },
    accuracyHint: 'Of the averaged model, at the last evaluation',
    sentHint: 'Sent by each worker, on average',
    nameOf: (name: string) => `Name of “${name}”`,
    steps: (steps: number) => `${formatCount(steps)} steps`,
    replay: (name: string) => `Replay “${name}”`,
    compare: (name: string) => `Compare “${name}”: its lines in the charts`,
    onScreen: (name: string) => `“${name}” is on screen`,
    notEvaluated: (name: string) => `“${name}” was never evaluated: there is nothing to compare.`,
    export: (name: string) => `Export “${name}”`,
    delete: (name: string) => `Delete “${name}”`,
    deleted: (name: string) => `“${name}” is deleted.`,
    undo: 'Undo',
    comparison: 'What differs',
    comparisonHelp: 'The settings in which the compared runs differ, and what came out. Their lines are in the charts.',
    field: 'Setting',
    screen: 'on screen',
    same: 'All settings are the same.',
    averaged: 'Accuracy, averaged model',
    sent: 'Sent per worker',
    dropped: (names: string[]) =>
      `There is room for the newest runs only. Dropped: ${names.map((name) => `“${name}”`).join(', ')}. Export what you want to keep longer.`,
    notKept: (name: string, why: string) => `“${name}” could not be kept in this browser: ${why}. Export it to keep it.`,
    gone: (name: string) => `The metrics of “${name}” are gone: another tab has deleted them.`,
    imported: (name: string) => `“${name}” has been read from a file, and is kept with the runs of this browser.`,
    notImported: (file: string, why: string) => `${file}: ${why}`,
  },
  replay: {
    sentence: 'This is a recording: nothing is being trained. Wind it with the slider above the charts, or leave it.',
    title: 'Recording',
    of: (name: string) => `Recording of “${name}”`,
    slider: 'Place in the recording',
    place: (at: string, whole: string, step: number) => `${at} of ${whole}, step ${formatCount(step)}`,
    play: 'Play',
    pause: 'Pause playing',
    speed: 'Speed',
    end: 'To the end',
    settings: 'Take its settings',
    settingsHint: 'Put the settings of this run into the form',
    leave: 'Leave recording',
    busy: 'A run is under way. Stop it before you open a recording.',
    notYet: 'Not yet at this point of the recording',
    noShards: 'This file does not say who held which pictures.',
  },
  runs: {
    earlier: 'Earlier runs',
    help: 'One line of each run before this one, named by what was different: the averaged model’s accuracy, and the means over workers.',
    clear: 'Clear',
    clearHint: 'Take the curves of earlier runs off the charts',
    same: 'same settings',
    switch: { true: 'on', false: 'off' },
  },
  lines: { mean: 'mean', worst: 'worst', averaged: 'avg. model', distance: 'distance to the mean model' },
  empty: {
    shards: 'Who holds which pictures appears here when a run starts.',
    shardsOver: 'This run ended before the pictures were shared out.',
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
    replay: 'Recording',
  } satisfies Record<RunPhase, string>,
  idle: 'Ready',
  roomPhase: {
    connecting: 'connecting',
    open: 'open',
    offline: 'signalling lost',
    failed: 'not connected',
    removed: 'removed by the host',
  } satisfies Record<RoomPhase, string>,
  status: {
    here: 'in the room',
    lost: 'gone',
    training: 'training',
    paused: 'paused',
    preparing: 'getting ready',
    ready: 'ready',
    finished: 'finished',
    stopped: 'stopped',
    recorded: 'recorded',
    next: 'joins the next run',
    sitsOut: 'sits out',
    busy: 'runs simulated workers of its own',
  },
  /** what a tab does before training, by the stage it reports */
  stages: { data: 'loading pictures', model: 'building the model' } as Record<string, string>,
  waitingFor: (name: string) => `waiting for ${name}`,
  simulationNote: 'The workers are simulated, all in this tab. Nothing leaves it; bytes are counted as if they were sent.',
  spectralGap: 'spectral gap',
  /** of a run that has lost workers since */
  spectralGapAtStart: 'spectral gap at the start',
  agreement: '0, but for rounding',
  nextRun: 'next run',
  nextStart: 'Changes count from the next start.',
  hiddenWarning: 'This tab was hidden: browsers slow down what nobody sees. Training goes on in its worker.',
  linkHint: 'Links light up when bytes cross them. Point at one to see how many.',
  aloneSimulatedHint: 'One worker: choose more to give it neighbors.',
  aloneHint: 'One worker: open another tab to give it a neighbor.',
  nextRunHint: 'What the next start would use.',
  log: 'Log',
  quadratic: 'Quadratic',
  export: 'Export',
  dismiss: 'Dismiss',
  close: 'Close',
  less: 'Fewer options',
  more: (names: string[]) => `More: ${names.map((name) => name.toLowerCase()).join(', ')}`,
  allWorkers: (count: number) => `All ${count} workers`,
  fewerWorkers: (count: number) => `Only the first ${count} workers`,
  datasetMissing: 'not available',
  drop: 'Drop an official CIFAR archive (binary version, .tar.gz) anywhere on the page to prepare it in this browser.',
} as const

/** Why there is nothing to draw of this run. */
export function emptyText(run: RunState | null): string {
  if (!run) return texts.charts.empty
  switch (run.phase) {
    case 'preparing':
    case 'running':
    case 'paused':
      return texts.charts.emptyPreparing
    case 'replay':
      return texts.replay.notYet
    case 'finished':
    case 'stopped':
    case 'failed':
      return texts.charts.emptyOver
    default:
      return run.phase satisfies never
  }
}

export const stageText = (stage: string): string => texts.stages[stage] ?? stage

/** Short names of fields where splitting the schema's name into words is not good enough. */
const fieldLabels: Record<string, string> = {
  'algorithm.id': 'Algorithm',
  'algorithm.beta': 'Momentum β',
  'algorithm.s': 'Momentum kind s',
  trainImages: 'Training set',
  testImages: 'Test set',
  augment: 'Crop and flip',
  dataset: 'Data set',
  alpha: 'Dirichlet α',
  evaluateEvery: 'Evaluate every',
  aggregation: 'Exact averages',
  float16: '16-bit values',
  warmupEpochs: 'Warm-up',
  steps: 'Steps per worker',
  schedule: 'Rate schedule',
}

export function fieldLabel(path: string): string {
  if (Object.hasOwn(fieldLabels, path)) return fieldLabels[path]
  // A field with variants is called like what it chooses.
  const name = path.replace(/\.id$/, '').split('.').at(-1) ?? path
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What numbers count, where the label does not say it. */
const fieldUnits: Record<string, string> = {
  trainImages: 'pictures',
  testImages: 'pictures',
  evaluateEvery: 'steps',
  warmupEpochs: 'epochs',
  'algorithm.localSteps': 'steps',
}

export const fieldUnit = (path: string): string | undefined => (Object.hasOwn(fieldUnits, path) ? fieldUnits[path] : undefined)

const optionLabels: Record<string, string> = {
  shapes10: 'Shapes-10 (built in)',
  cifar10: 'CIFAR-10',
  cifar100: 'CIFAR-100',
  iid: 'even (IID)',
  dirichlet: 'skewed by class (Dirichlet)',
  cnn: 'Small CNN',
  'resnet20-gn': 'ResNet20 (GroupNorm)',
  'resnet20-bn': 'ResNet20 (BatchNorm)',
  'resnet56-gn': 'ResNet56 (GroupNorm)',
  'resnet56-bn': 'ResNet56 (BatchNorm)',
  vit: 'ViT (vision transformer)',
  'vit-sl': 'ViT for small data sets (SPT, LSA)',
  wgsl: 'compiled engine on WebGPU (wgsl)',
  simd: 'compiled engine on the CPU (simd)',
  wasm: 'tfjs on WebAssembly (wasm)',
  webgpu: 'tfjs on WebGPU',
  webgl: 'tfjs on WebGL',
  cpu: 'tfjs in plain JavaScript (cpu)',
  auto: 'automatic',
  step: 'step (×0.1 at 50 % and 75 %)',
}

export const optionLabel = (option: string): string => (Object.hasOwn(optionLabels, option) ? optionLabels[option] : option)

/** The gap is computed once, for those who began. */
export const spectralGapName = ({ seats }: Pick<RunState, 'seats'>): string =>
  seats.some(({ lost }) => lost) ? texts.spectralGapAtStart : texts.spectralGap
