import type { MetricsStore } from '../metrics/metrics-store.ts'

/** All metrics of a run that is over, as a film: in the order of the seconds at which they were measured. */
export class Recording {
  /** indices of the events in `whole`, by time */
  readonly order: Uint32Array
  /** seconds since the start of the run, ascending, one for each of them */
  readonly seconds: Float64Array

  constructor(readonly whole: MetricsStore) {
    const times = timesOf(whole)
    this.order = Uint32Array.from(times, (_, i) => i).sort((a, b) => times[a] - times[b] || a - b)
    this.seconds = Float64Array.from(this.order, (i) => times[i])
  }

  /** Seconds from the start of the run to its last event. */
  get duration(): number {
    return this.seconds.at(-1) ?? 0
  }
}

/** A change of membership bears no time: it came after what its worker had told before. No worker's events change their order. */
function timesOf(metrics: MetricsStore): Float64Array {
  const latest = new Map<number, number>()
  return Float64Array.from({ length: metrics.eventCount }, (_, i) => {
    const rank = metrics.rankAt(i)
    const seconds = metrics.secondsAt(i)
    const before = latest.get(rank) ?? 0
    const time = Number.isFinite(seconds) ? Math.max(before, seconds) : before
    latest.set(rank, time)
    return time
  })
}

/** How many of these ascending values are at most `limit`. */
function countUpTo(ascending: Float64Array, limit: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (ascending[middle] <= limit) low = middle + 1
    else high = middle
  }
  return low
}

/** Events that are told one by one as fast as columns are copied. */
const FEW = 10_000

/** A place in a recording, and the metrics up to it. */
export class ReplayCursor {
  /** another object after a step back or far ahead: forwards it is filled in place, as during a run */
  metrics: MetricsStore
  #shown: number

  /** Begins at the end: the whole run. */
  constructor(readonly recording: Recording) {
    this.metrics = recording.whole
    this.#shown = recording.order.length
  }

  /** Winds to so many seconds after the start, so that everything told until then is in the metrics. */
  seek(seconds: number): void {
    const { whole, order, seconds: times, duration } = this.recording
    if (seconds >= duration) {
      this.metrics = whole
      this.#shown = order.length
      return
    }
    const told = countUpTo(times, seconds)
    const ahead = told - this.#shown
    if (this.metrics === whole || ahead < 0 || ahead > FEW) this.metrics = whole.first(order.subarray(0, told))
    else for (const index of order.subarray(this.#shown, told)) this.metrics.add(whole.eventAt(index))
    this.#shown = told
  }
}
