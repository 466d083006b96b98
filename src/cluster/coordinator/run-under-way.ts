import type { MetricEvent } from '../../engine/index.ts'
import type { PeerId } from '../../p2p/index.ts'
import { readMetricEvent } from '../metric-event.ts'
import { considered, type Decision, tiredOfWaiting, withoutTheLost } from './decisions.ts'
import type { ClusterMessage, RunReport, RunStatus } from './messages.ts'
import { MetricBatches } from './metric-batches.ts'
import { OwnWorker } from './own-worker.ts'
import { RunRecord } from './run-record.ts'
import type { CoordinatorDrops, RoomPort, WorkerNews, WorkerPort } from './types.ts'
import { judge } from './verdict.ts'

interface Surroundings {
  room: RoomPort
  worker: WorkerPort
  /** counted here */
  drops: CoordinatorDrops
  /** this page's worker does something else */
  busy(): boolean
  onMetrics(events: MetricEvent[], from: PeerId): void
  onChange(): void
}

/**
 * The run that this page takes part in or watches. Its coordinator says in numbered statuses what holds; this page follows the newest, with its
 * worker, and reports about that to everybody. Where it coordinates itself, now or after others are gone, it decides what follows.
 */
export class RunUnderWay {
  readonly #around: Surroundings
  readonly #worker: OwnWorker
  readonly #batches: MetricBatches
  #record: RunRecord | null = null
  /** to be reported with the next flush */
  #progress: RunReport | null = null

  constructor(around: Surroundings) {
    this.#around = around
    this.#worker = new OwnWorker(around.worker, around.room.selfId)
    this.#batches = new MetricBatches(around.room)
  }

  /** Also of a run that is over, until it is forgotten. */
  get record(): RunRecord | null {
    return this.#record
  }

  /** This page decides. */
  get coordinates(): boolean {
    return this.#record?.coordinatorId === this.#self
  }

  /** This page's worker trains in it; otherwise the page watches. */
  get participates(): boolean {
    const record = this.#record
    return record !== null && this.#worker.isIn(record.status.run) && record.status.view.members.includes(this.#self)
  }

  /** A run that goes on needs this page, to train or to coordinate. */
  get needsThisPage(): boolean {
    return this.#record?.active === true && (this.#record.members.includes(this.#self) || this.coordinates)
  }

  get #self(): PeerId {
    return this.#around.room.selfId
  }

  // --- deciding ---

  /** Starts a run that this page coordinates. */
  begin(status: RunStatus): void {
    this.#follow(status)
    this.decide({})
  }

  /** The coordinator's next word. */
  decide(decision: Decision): void {
    const record = this.#record as RunRecord
    const status = { ...record.status, ...decision, number: record.status.number + 1 }
    this.#around.room.broadcast({ type: 'run/status', status } satisfies ClusterMessage)
    this.#follow(status)
  }

  /** The coordinator looks at what has been reported. */
  #consider(): void {
    const decision = this.#record && this.coordinates ? considered(this.#record) : null
    if (decision) this.decide(decision)
  }

  // --- following ---

  /** Makes a status hold on this page, and gives the worker its orders. */
  #follow(status: RunStatus): void {
    if (this.#record?.status.run !== status.run) {
      this.#record = new RunRecord(status, performance.now())
      this.#batches.clear()
      this.#progress = null
      this.#worker.begin(status)
    } else {
      this.#record.status = { ...status, facts: status.facts ?? this.#record.facts }
      this.#worker.follow(status)
    }
    this.#around.onChange()
    this.#consider()
  }

  onStatus(from: PeerId, status: RunStatus): void {
    const { room, drops, busy } = this.#around
    const verdict = judge(from, status, { self: this.#self, hostId: room.getState().hostId, busy: busy(), known: this.#record })
    if (verdict.type === 'ignore') {
      drops.ignored++
      if (verdict.refusal !== null) {
        const report: RunReport = { type: 'failed', message: verdict.refusal }
        room.sendControl(from, { type: 'run/report', run: status.run, report } satisfies ClusterMessage)
      }
      return
    }
    if (verdict.type === 'back') this.#record?.foundAgain(status.steering)
    this.#follow(status)
  }

  /** The coordinator's last word, to one page. */
  tell(to: PeerId): void {
    const record = this.#record
    if (record?.leaderId === this.#self)
      this.#around.room.sendControl(to, { type: 'run/status', status: record.status } satisfies ClusterMessage)
  }

  /** A run that is over; otherwise nothing happens. */
  forget(): void {
    if (this.#record?.active) return
    this.#record = null
    this.#around.onChange()
  }

  stopWorker(): void {
    this.#worker.stop()
  }

  // --- what workers report ---

  /** False for news of another run, which are not to be looked at. */
  isOf(run: string): boolean {
    return this.#worker.isIn(run) && this.#record?.status.run === run
  }

  onWorker(news: Exclude<WorkerNews, { type: 'hello' }>): void {
    switch (news.type) {
      case 'progress':
        this.#progress = { type: 'progress', stage: news.stage, fraction: news.fraction }
        break
      case 'ready': {
        const { parameters, shards, shardSize, spectralGap } = news
        this.#worker.prepared({ parameters, shards, shardSize, spectralGap })
        this.reportReady()
        break
      }
      case 'metric':
        this.#takeMetrics(this.#self, [news.event])
        this.#batches.add(news.run, news.event)
        break
      case 'paused':
        this.#batches.send(news.run)
        this.#report({ type: 'paused', step: news.step })
        break
      case 'failed':
        this.#batches.send(news.run)
        this.#report({ type: 'failed', message: news.message })
        break
      case 'renewView':
        this.#report({ type: 'renewView', message: news.message })
        break
      default:
        news satisfies never
    }
  }

  /** To be called when this page's worker is ready, or linked to others. */
  reportReady(): void {
    if (!this.#record) return
    const members = this.#around.room.getState().members.filter(({ link }) => link === 'open')
    this.#report(this.#worker.readyReport(this.#record, new Set(members.map(({ id }) => id))))
  }

  /** Sends what has gathered and looks at deadlines. */
  flush(): void {
    const record = this.#record
    if (!record) return
    this.#batches.send(record.status.run)
    const progress = this.#progress
    this.#progress = null
    this.#report(progress)
    this.#report(this.#worker.beyondReport(record))
    const decision = this.coordinates ? tiredOfWaiting(record, performance.now()) : null
    if (decision) this.decide(decision)
  }

  #report(report: RunReport | null): void {
    if (!this.#record || !report) return
    const { run } = this.#record.status
    this.#around.room.broadcast({ type: 'run/report', run, report } satisfies ClusterMessage)
    this.onReport(this.#self, run, report)
  }

  onReport(from: PeerId, run: string, report: RunReport): void {
    const record = this.#record
    if (record?.status.run !== run || !record.report(from, report, performance.now())) return void this.#around.drops.ignored++
    if (report.type === 'renewView' && this.coordinates)
      this.decide({ ...record.nextView, message: `${record.nameOf(from)}: ${report.message}` })
    this.#around.onChange()
    this.#consider()
  }

  /** What comes from another page: anything. */
  onMetrics(from: PeerId, run: string, events: readonly unknown[]): void {
    const { drops } = this.#around
    const read = events.map(readMetricEvent).filter((event) => event !== null)
    drops.malformed += events.length - read.length
    if (run === this.#record?.status.run) this.#takeMetrics(from, read)
    else drops.ignored += read.length
  }

  #takeMetrics(from: PeerId, events: MetricEvent[]): void {
    const { drops, onMetrics, onChange } = this.#around
    const taken = events.filter((event) => this.#record?.metric(from, event, performance.now()))
    drops.ignored += events.length - taken.length
    if (taken.length === 0) return
    onMetrics(taken, from)
    if (taken.some((event) => event.type === 'finished')) {
      onChange()
      this.#consider()
    }
  }

  // --- losses ---

  /** A page has left the room, for this reason. */
  onLost(id: PeerId, reason: string): void {
    const record = this.#record
    if (!record?.active || !record.steering.includes(id)) return
    const before = record.coordinatorId
    record.lost.add(id)
    const coordinator = record.coordinatorId
    if (coordinator === null) {
      // nobody else can say so
      record.orphaned = true
      record.status = { ...record.status, phase: 'stopped', message: `${reason} No worker of the run is left.` }
    } else if (coordinator === this.#self) this.decide(withoutTheLost(record, reason))
    else if (before === id) this.#around.room.sendControl(coordinator, { type: 'run/sync' } satisfies ClusterMessage)
  }

  /** This page is out of the room for good: its worker has nobody left to train with. */
  standDown(): void {
    this.#worker.stop()
    const record = this.#record
    if (record?.active) record.status = { ...record.status, phase: 'stopped', message: 'This tab has left the room.' }
    this.#around.onChange()
  }
}
