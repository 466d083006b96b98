import type { MetricEvent } from '../../engine/index.ts'
import type { ClusterMessage } from './messages.ts'
import type { RoomPort } from './types.ts'

const EVENTS_PER_MESSAGE = 200

/** Metrics of this page's worker that the others have not heard yet. */
export class MetricBatches {
  readonly #room: Pick<RoomPort, 'broadcast'>
  #events: MetricEvent[] = []

  constructor(room: Pick<RoomPort, 'broadcast'>) {
    this.#room = room
  }

  /** Sent with a later `send`; at once when a message is full or the worker has finished. */
  add(run: string, event: MetricEvent): void {
    this.#events.push(event)
    if (event.type === 'finished' || this.#events.length >= EVENTS_PER_MESSAGE) this.send(run)
  }

  send(run: string): void {
    while (this.#events.length > 0)
      this.#room.broadcast({ type: 'run/metrics', run, events: this.#events.splice(0, EVENTS_PER_MESSAGE) } satisfies ClusterMessage)
  }

  clear(): void {
    this.#events = []
  }
}
