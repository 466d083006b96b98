import type { MetricEvent } from '../../engine/index.ts'
import type { Room } from '../../p2p/index.ts'

/**
 * The worker counts what its exchange sends; only the page sees what its links carry besides: membership, heartbeats, metrics. Adds that
 * to the control bytes of the worker's last event.
 */
export class SentBytes {
  #atStart = 0

  constructor(private readonly room: Pick<Room, 'links'>) {}

  /** A run begins. */
  begin(): void {
    this.#atStart = this.#control()
  }

  complete(event: MetricEvent): MetricEvent {
    if (event.type !== 'finished') return event
    // A link that was lost during the run takes its count along: then the exchange's own may be larger.
    const control = Math.max(event.sentBytes.control, this.#control() - this.#atStart)
    return { ...event, sentBytes: { ...event.sentBytes, control } }
  }

  #control(): number {
    return this.room.links().reduce((sum, { counts }) => sum + counts.sent.control, 0)
  }
}
