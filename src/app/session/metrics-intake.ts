import type { MetricEvent } from '../../engine/index.ts'
import { MetricsStore } from '../metrics/metrics-store.ts'
import { useLab } from '../store.ts'

/** The dashboard looks at new metrics at most this often; less often while drawing keeps the page busy. */
const REFRESH_MS = 250
const SLOWEST_REFRESH_MS = 2_000
/** A timer that fires so much too late tells that the page is busy. */
const BUSY_MS = 60

/** Takes metric events one by one, and tells the dashboard about them a few times a second. A hidden page draws nothing. */
export class MetricsIntake {
  #due: ReturnType<typeof setTimeout> | null = null
  #toldAtMs = 0
  #refreshMs = REFRESH_MS

  constructor() {
    document.addEventListener('visibilitychange', () => !document.hidden && this.tell())
  }

  /** Another run begins, or none is on screen any more. */
  reset(): void {
    this.#cancel()
    useLab.setState({ metrics: new MetricsStore(), metricsVersion: 0 })
  }

  take(event: MetricEvent): void {
    const { replay, metrics } = useLab.getState()
    const { metrics: own } = replay?.before ?? { metrics }
    own.add(event)
    if (this.#due !== null || document.hidden) return
    const dueAtMs = Math.max(performance.now(), this.#toldAtMs + this.#refreshMs)
    this.#due = setTimeout(() => {
      const lateMs = performance.now() - dueAtMs
      this.#refreshMs = lateMs > BUSY_MS ? Math.min(SLOWEST_REFRESH_MS, this.#refreshMs * 1.5) : Math.max(REFRESH_MS, this.#refreshMs / 1.1)
      this.tell()
    }, dueAtMs - performance.now())
  }

  /** Shows at once what has come so far. */
  tell(): void {
    this.#cancel()
    this.#toldAtMs = performance.now()
    const nowMs = Date.now()
    useLab.setState(({ metricsVersion }) => ({ metricsVersion: metricsVersion + 1, nowMs, lastNewsMs: nowMs }))
  }

  #cancel(): void {
    if (this.#due !== null) clearTimeout(this.#due)
    this.#due = null
  }
}
