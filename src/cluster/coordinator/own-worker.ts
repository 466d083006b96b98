import type { PeerId } from '../../p2p/index.ts'
import type { RunFacts, RunReport, RunStatus } from './messages.ts'
import type { RunRecord } from './run-record.ts'
import type { WorkerPort } from './types.ts'

/** A worker that has done the last step before a pause and says nothing for so long is in the next one already. */
const PAUSE_DOUBT_MS = 1_000

/** What has been ordered for a run. */
interface Orders {
  run: string
  went: boolean
  viewNumber: number
  until: number | null
  untilSinceMs: number
  stopped: boolean
  /** ready itself, but perhaps not linked to everybody yet */
  facts: RunFacts | null
  reportedReady: boolean
}

/** This page's training worker: turns statuses into orders, each given once, and knows what the others should hear of it. */
export class OwnWorker {
  readonly #port: WorkerPort
  readonly #self: PeerId
  #orders: Orders | null = null

  constructor(port: WorkerPort, self: PeerId) {
    this.#port = port
    this.#self = self
  }

  /** whether its last orders are for this run */
  isIn(run: string): boolean {
    return this.#orders?.run === run
  }

  /** Leaves the run before, and prepares for this one if it takes part. */
  begin({ run, config, view, phase }: RunStatus): void {
    this.stop()
    if (phase !== 'preparing' || !view.members.includes(this.#self)) return
    this.#orders = {
      run,
      went: false,
      viewNumber: view.number,
      until: null,
      untilSinceMs: 0,
      stopped: false,
      facts: null,
      reportedReady: false,
    }
    this.#port.post({ type: 'prepare', run, config, view, self: this.#self })
  }

  /** A later status of the run. */
  follow({ run, view, phase, until, message }: RunStatus): void {
    const orders = this.#orders
    if (!orders || orders.run !== run || orders.stopped) return
    if (!view.members.includes(this.#self) || phase === 'stopped' || phase === 'failed') return this.stop()
    if (until !== orders.until) {
      orders.until = until
      orders.untilSinceMs = performance.now()
      this.#port.post({ type: 'runUntil', step: until })
    }
    if (!orders.went && phase !== 'preparing') {
      orders.went = true
      this.#port.post({ type: 'go' })
    }
    if (view.number > orders.viewNumber) {
      orders.viewNumber = view.number
      this.#port.post({ type: 'view', view, message })
    }
  }

  stop(): void {
    if (!this.#orders || this.#orders.stopped) return
    this.#orders.stopped = true
    this.#port.post({ type: 'stop' })
  }

  /** It has said that it is ready. */
  prepared(facts: RunFacts): void {
    if (this.#orders) this.#orders.facts = facts
  }

  /** Ready means: the worker listens, and every other one can be reached. Reported once; null before and after. */
  readyReport(record: RunRecord, reached: ReadonlySet<PeerId>): RunReport | null {
    const orders = this.#orders
    if (!orders?.facts || orders.reportedReady || orders.stopped || record.status.run !== orders.run) return null
    if (!record.members.every((id) => reached.has(id))) return null
    orders.reportedReady = true
    return { type: 'ready', facts: orders.facts }
  }

  /** Tells when it was in the next round already as the pause was asked for: the others must finish that round with it. Otherwise null. */
  beyondReport(record: RunRecord): RunReport | null {
    const own = record.worker(this.#self)
    const orders = this.#orders
    if (!record.active || !own || !orders || orders.run !== record.status.run || orders.until === null) return null
    if (own.finished || own.step < orders.until || (own.pausedAt ?? -1) >= orders.until || own.beyond >= own.step) return null
    const { evaluateEvery } = record.status.config
    const evaluates = evaluateEvery > 0 && own.step % evaluateEvery === 0 && own.evaluatedStep < own.step
    const doubtMs = performance.now() - Math.max(orders.untilSinceMs, own.newsAtMs)
    const beyond = own.step > orders.until || (!evaluates && doubtMs >= PAUSE_DOUBT_MS)
    return beyond ? { type: 'beyond', step: own.step } : null
  }
}
