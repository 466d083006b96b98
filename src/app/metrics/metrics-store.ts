import {
  type EvaluationEvent,
  type FinishedEvent,
  type MetricEvent,
  type PayloadKind,
  payloadKinds,
  type StepEvent,
  type ViewEvent,
} from '../../engine/index.ts'
import { ColumnTable } from './column-table.ts'

const stepColumns = [
  'step',
  'epoch',
  'loss',
  'learningRate',
  'computeMs',
  'exchangeMs',
  'encodeMs',
  'sendMs',
  'waitMs',
  'payloadBytes',
  'framingBytes',
  ...payloadKinds,
  'seconds',
] as const
const evaluationColumns = [
  'step',
  'epoch',
  'accuracy',
  'loss',
  'averagedAccuracy',
  'averagedLoss',
  'consensusDistance',
  'drift',
  'trackerError',
  'payloadBytes',
  'framingBytes',
  'seconds',
] as const

export type StepColumn = (typeof stepColumns)[number]
export type EvaluationColumn = (typeof evaluationColumns)[number]

/** Events come from other tabs: nothing beyond these bounds may size an array here. */
const MAX_RANK = 1_023
const MAX_STEP = 1_000_000
const MAX_VIEWS = 10_000

/** What an arrival was. */
const [STEP, EVALUATION, VIEW, FINISHED] = [0, 1, 2, 3]

/** Accuracy on the test pictures of each class. */
export type ClassAccuracies = Pick<EvaluationEvent, 'classAccuracy' | 'averagedClassAccuracy'>

/** Everything one worker has reported in this run. */
export class WorkerMetrics {
  /** for each evaluation */
  byClass: ClassAccuracies[] = []
  finished: FinishedEvent | null = null
  /** performance.now() when its last step was heard of */
  heardAtMs = Number.NEGATIVE_INFINITY

  constructor(
    readonly rank: number,
    readonly steps = new ColumnTable<StepColumn>(stepColumns),
    readonly evaluations = new ColumnTable<EvaluationColumn>(evaluationColumns),
  ) {}

  /** Gradient steps done. */
  get step(): number {
    return this.steps.length === 0 ? 0 : this.steps.last('step')
  }

  /** Bytes sent for training so far: payload and framing. */
  get sentBytes(): number {
    return this.sentOf('payloadBytes') + this.sentOf('framingBytes')
  }

  /** Of these, the bytes of one kind of vector, or around all of them. */
  sentOf(column: PayloadKind | 'payloadBytes' | 'framingBytes'): number {
    return this.steps.length === 0 ? 0 : this.steps.last(column)
  }

  stepEventAt(row: number): StepEvent {
    const { model, momentum, tracker, gradient, residual, state, ...columns } = this.steps.row(row)
    return { type: 'step', rank: this.rank, ...columns, payloadByKind: { model, momentum, tracker, gradient, residual, state } }
  }

  /** Images per second of wall time over the last steps; null before there are two. */
  imagesPerSecond(batchSize: number, window = 30): number | null {
    const last = this.steps.length - 1
    if (last < 1) return null
    const first = Math.max(0, last - window)
    const seconds = this.steps.at(last, 'seconds') - this.steps.at(first, 'seconds')
    const steps = this.steps.at(last, 'step') - this.steps.at(first, 'step')
    return seconds > 0 ? (steps * batchSize) / seconds : null
  }
}

/** The metrics of one run: typed columns per worker, and sums over workers so that a chart never walks all of them. */
export class MetricsStore {
  readonly workers = new Map<number, WorkerMetrics>()
  readonly views: ViewEvent[] = []
  /** events taken, by kind: a drawing of one kind has nothing new while its number stands still */
  stepCount = 0
  evaluationCount = 0
  /** the order in which events came, without the events themselves */
  private readonly arrivals = new ColumnTable<'kind' | 'rank' | 'row'>(['kind', 'rank', 'row'])
  /** mean over the workers that have reported a step; row index = step - 1 */
  private readonly means = new StepMeans()

  /** Takes one event of any worker. Ignores what was already told and what cannot be. */
  add(event: MetricEvent): void {
    if (!Number.isInteger(event.rank) || event.rank < 0 || event.rank > MAX_RANK) return
    switch (event.type) {
      case 'step':
        this.addStep(event)
        break
      case 'evaluation':
        this.addEvaluation(event)
        break
      case 'view':
        if (this.views.length >= MAX_VIEWS || this.views.some((view) => view.rank === event.rank && view.view === event.view)) return
        this.arrivals.push({ kind: VIEW, rank: event.rank, row: this.views.push(event) - 1 })
        break
      case 'finished':
        this.addFinished(event)
        break
      default:
        event satisfies never
    }
  }

  /** Workers in rank order. */
  ranked(): WorkerMetrics[] {
    return [...this.workers.values()].sort((a, b) => a.rank - b.rank)
  }

  get isEmpty(): boolean {
    return this.workers.size === 0
  }

  /** Largest step count that any worker has reported. */
  get maxStep(): number {
    return Math.max(0, ...[...this.workers.values()].map((worker) => worker.step))
  }

  /** Largest number of seconds that any worker has reported. */
  get seconds(): number {
    return Math.max(
      0,
      ...[...this.workers.values()].map((worker) =>
        Math.max(...[worker.steps, worker.evaluations].map((t) => (t.length ? t.last('seconds') : 0))),
      ),
    )
  }

  /** Mean loss and mean x of each step that anybody has reported, ascending. */
  stepMeans(): StepMeans {
    return this.means
  }

  /** Events taken so far. */
  get eventCount(): number {
    return this.arrivals.length
  }

  /** The events from the given index on, up to `to` (exclusive), in the order in which they came. */
  events(from = 0, to = this.arrivals.length): MetricEvent[] {
    const events: MetricEvent[] = []
    for (let i = Math.max(0, Math.trunc(from)); i < Math.min(to, this.arrivals.length); i++) events.push(this.eventAt(i))
    return events
  }

  /**
   * The events of these indices as a store of their own, in this order. Of each worker they must be the first ones of each kind: whole
   * columns are copied, many times faster than event by event.
   */
  first(indices: Uint32Array): MetricsStore {
    const part = new MetricsStore()
    const [steps, evaluations] = [new Map<number, number>(), new Map<number, number>()]
    const finished: FinishedEvent[] = []
    for (const index of indices) {
      const arrival = this.arrivals.row(index)
      const { kind, rank, row } = arrival
      if (kind === VIEW) part.arrivals.push({ ...arrival, row: part.views.push(this.views[row]) - 1 })
      else part.arrivals.push(arrival)
      if (kind === STEP) steps.set(rank, row + 1)
      else if (kind === EVALUATION) evaluations.set(rank, row + 1)
      else if (kind === FINISHED) finished.push(this.eventAt(index) as FinishedEvent)
    }
    for (const rank of new Set([...steps.keys(), ...evaluations.keys(), ...finished.map((event) => event.rank)])) {
      const whole = this.worker(rank)
      const worker = new WorkerMetrics(rank, whole.steps.first(steps.get(rank) ?? 0), whole.evaluations.first(evaluations.get(rank) ?? 0))
      worker.byClass = whole.byClass.slice(0, worker.evaluations.length)
      worker.finished = finished.find((event) => event.rank === rank) ?? null
      for (let row = 0; row < worker.steps.length; row++) part.means.add(worker.steps, row)
      part.workers.set(rank, worker)
      part.stepCount += worker.steps.length
      part.evaluationCount += worker.evaluations.length
    }
    return part
  }

  /** Every event by step, then rank: the order of an export. */
  sortedEvents(): MetricEvent[] {
    const order = { step: 0, evaluation: 1, view: 2, finished: 3 }
    const stepOf = (event: MetricEvent) => (event.type === 'finished' ? Number.POSITIVE_INFINITY : event.step)
    return this.events().sort((a, b) => compare(stepOf(a), stepOf(b)) || order[a.type] - order[b.type] || a.rank - b.rank)
  }

  private addStep(event: StepEvent): void {
    const worker = this.worker(event.rank)
    if (!isStep(event.step) || event.step < 1 || event.step <= worker.step) return
    const row = worker.steps.length
    this.arrivals.push({ kind: STEP, rank: event.rank, row })
    worker.steps.push({ ...event, ...event.payloadByKind })
    worker.heardAtMs = performance.now()
    this.stepCount++
    this.means.add(worker.steps, row)
  }

  private addEvaluation(event: EvaluationEvent): void {
    const { evaluations, byClass } = this.worker(event.rank)
    if (!isStep(event.step) || (evaluations.length > 0 && event.step <= evaluations.last('step'))) return
    this.arrivals.push({ kind: EVALUATION, rank: event.rank, row: evaluations.length })
    evaluations.push({ ...event, drift: event.drift ?? Number.NaN, trackerError: event.trackerError ?? Number.NaN })
    byClass.push({ classAccuracy: event.classAccuracy, averagedClassAccuracy: event.averagedClassAccuracy })
    this.evaluationCount++
  }

  private addFinished(event: FinishedEvent): void {
    const worker = this.worker(event.rank)
    if (worker.finished) return
    this.arrivals.push({ kind: FINISHED, rank: event.rank, row: 0 })
    worker.finished = event
  }

  /** Seconds since the start of the run, of the event that came after so many others; NaN for one that bears none. */
  secondsAt(index: number): number {
    const kind = this.arrivals.at(index, 'kind')
    if (kind !== STEP && kind !== EVALUATION) return Number.NaN
    const { steps, evaluations } = this.worker(this.rankAt(index))
    return (kind === STEP ? steps : evaluations).at(this.arrivals.at(index, 'row'), 'seconds')
  }

  rankAt(index: number): number {
    return this.arrivals.at(index, 'rank')
  }

  /** The event that came after so many others. */
  eventAt(index: number): MetricEvent {
    const { kind, rank, row } = this.arrivals.row(index)
    const worker = this.worker(rank)
    if (kind === STEP) return worker.stepEventAt(row)
    if (kind === EVALUATION) {
      const { drift, trackerError, ...columns } = worker.evaluations.row(row)
      return { type: 'evaluation', rank, ...columns, drift: known(drift), trackerError: known(trackerError), ...worker.byClass[row] }
    }
    return kind === VIEW ? this.views[row] : (worker.finished as FinishedEvent)
  }

  private worker(rank: number): WorkerMetrics {
    const known = this.workers.get(rank)
    if (known) return known
    const worker = new WorkerMetrics(rank)
    this.workers.set(rank, worker)
    return worker
  }
}

const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1)
/** A table has no null. */
const known = (value: number) => (Number.isNaN(value) ? null : value)
const isStep = (step: number) => Number.isInteger(step) && step >= 0 && step <= MAX_STEP

const summed = ['count', 'loss', 'epoch', 'bytes', 'seconds'] as const
type Summed = (typeof summed)[number]

/** Running sums over workers for each step number. */
export class StepMeans {
  private sums = new ColumnTable<Summed>(summed)

  get length(): number {
    return this.sums.length
  }

  /** Takes a worker's row. */
  add(steps: ColumnTable<StepColumn>, from: number): void {
    const row = steps.at(from, 'step') - 1
    while (this.sums.length <= row) this.sums.push({ count: 0, loss: 0, epoch: 0, bytes: 0, seconds: 0 })
    this.sums.increase(row, 'count', 1)
    this.sums.increase(row, 'loss', steps.at(from, 'loss'))
    this.sums.increase(row, 'epoch', steps.at(from, 'epoch'))
    this.sums.increase(row, 'bytes', steps.at(from, 'payloadBytes') + steps.at(from, 'framingBytes'))
    this.sums.increase(row, 'seconds', steps.at(from, 'seconds'))
  }

  /** Workers that have reported this row. */
  count(row: number): number {
    return this.sums.at(row, 'count')
  }

  /** Mean over the workers that have reported this row; NaN without any. */
  mean(row: number, name: Exclude<Summed, 'count'>): number {
    return this.sums.at(row, name) / this.sums.at(row, 'count')
  }
}
