import type { MetricEvent } from '../../engine/index.ts'
import type { PeerId } from '../../p2p/index.ts'
import { roundUp } from '../steps-per-round.ts'
import type { RunFacts, RunReport, RunStatus } from './messages.ts'
import type { Seat } from './types.ts'

interface WorkerRecord {
  ready: boolean
  preparing: { stage: string; fraction: number } | null
  newsAtMs: number
  failure: string | null
  step: number
  evaluatedStep: number
  pausedAt: number | null
  beyond: number
  finished: boolean
}

/** What is known about one run: its last status, and what each worker reported. Pure: no room, no timers. */
export class RunRecord {
  status: RunStatus
  /** gone, as this page saw it; the status may not know yet */
  readonly lost = new Set<PeerId>()
  /** all workers are gone as seen from this page, which only watched */
  orphaned = false
  #workers = new Map<PeerId, WorkerRecord>()

  constructor(status: RunStatus, nowMs: number) {
    this.status = status
    for (const { id } of status.participants)
      this.#workers.set(id, {
        ready: status.phase !== 'preparing',
        preparing: null,
        newsAtMs: nowMs,
        failure: null,
        step: 0,
        evaluatedStep: 0,
        pausedAt: null,
        beyond: 0,
        finished: false,
      })
  }

  get active(): boolean {
    const { phase } = this.status
    return phase === 'preparing' || phase === 'running' || phase === 'paused'
  }

  /** who is left, in rank order */
  get members(): PeerId[] {
    return this.status.view.members.filter((id) => !this.lost.has(id))
  }

  /** who decides, then who follows: those who are left */
  get steering(): PeerId[] {
    return this.status.steering.filter((id) => !this.lost.has(id))
  }

  /** The first of these that is left, also of a run that is over; null when no worker is. */
  get leaderId(): PeerId | null {
    return this.members.length > 0 ? this.steering[0] : null
  }

  get coordinatorId(): PeerId | null {
    return this.active ? this.leaderId : null
  }

  /** Takes back that these, or all workers, are lost. */
  foundAgain(ids: readonly PeerId[]): void {
    for (const id of ids) this.lost.delete(id)
    this.orphaned = false
  }

  /** What a status says of those who are left, in a view of its own. */
  get nextView(): Pick<RunStatus, 'view' | 'steering'> {
    return { view: { number: this.status.view.number + 1, members: this.members }, steering: this.steering }
  }

  get facts(): RunFacts | null {
    return this.status.facts
  }

  seatOf(id: PeerId): number {
    return this.status.participants.findIndex((participant) => participant.id === id)
  }

  nameOf(id: PeerId): string {
    return this.status.participants.find((participant) => participant.id === id)?.name ?? 'A tab'
  }

  worker(id: PeerId): Readonly<WorkerRecord> | undefined {
    return this.#workers.get(id)
  }

  /** Reports of pages that are not in the run are not taken. */
  report(from: PeerId, report: RunReport, nowMs: number): boolean {
    const worker = this.#workers.get(from)
    if (!worker || !this.status.view.members.includes(from)) return false
    worker.newsAtMs = nowMs
    switch (report.type) {
      case 'progress':
        worker.preparing = { stage: report.stage, fraction: report.fraction }
        break
      case 'ready':
        worker.ready = true
        worker.preparing = null
        if (!this.status.facts) this.status = { ...this.status, facts: report.facts }
        break
      case 'failed':
        worker.failure ??= report.message
        break
      case 'renewView':
        break
      case 'paused':
        worker.pausedAt = report.step
        worker.step = Math.max(worker.step, report.step)
        break
      case 'beyond':
        worker.beyond = Math.max(worker.beyond, report.step)
        break
      default:
        report satisfies never
    }
    return true
  }

  /**
   * Takes a metric of a worker; false when it cannot be one of it: a worker may only speak for its own seat.
   */
  metric(from: PeerId, event: MetricEvent, nowMs: number): boolean {
    const worker = this.#workers.get(from)
    const seat = this.seatOf(from)
    if (!worker || event.rank !== seat) return false
    worker.newsAtMs = nowMs
    if (event.type === 'step') worker.step = Math.max(worker.step, event.step)
    else if (event.type === 'evaluation') worker.evaluatedStep = event.step
    else if (event.type === 'finished') worker.finished = true
    return true
  }

  /** names of those who are not ready, or who have shown no progress for too long */
  notReady(silentSinceMs = Number.POSITIVE_INFINITY): string[] {
    return this.members.filter((id) => !this.#of(id).ready && this.#of(id).newsAtMs <= silentSinceMs).map((id) => this.nameOf(id))
  }

  get allReady(): boolean {
    return this.members.every((id) => this.#of(id).ready)
  }

  get allFinished(): boolean {
    return this.members.every((id) => this.#of(id).finished)
  }

  /** Everybody waits at or after the step of the pause. */
  get allPaused(): boolean {
    const { until } = this.status
    return until !== null && this.members.every((id) => this.#of(id).finished || (this.#of(id).pausedAt ?? -1) >= until)
  }

  /** The first failure, as a sentence. */
  get failure(): string | null {
    const id = this.members.find((member) => this.#of(member).failure !== null)
    return id === undefined ? null : `${this.nameOf(id)}: ${this.#of(id).failure}`
  }

  get maxStep(): number {
    return Math.max(0, ...this.members.map((id) => this.#of(id).step))
  }

  get maxBeyond(): number {
    return Math.max(0, ...this.members.map((id) => this.#of(id).beyond))
  }

  roundUp(step: number): number {
    return roundUp(this.status.config, step)
  }

  seats(self: PeerId): Seat[] {
    return this.status.participants.map(({ id, name }) => {
      const { ready, preparing, step, finished } = this.#of(id)
      return { id, name, self: id === self, lost: !this.members.includes(id), ready, preparing, step, finished }
    })
  }

  #of(id: PeerId): WorkerRecord {
    return this.#workers.get(id) as WorkerRecord
  }
}
