import type { PeerId } from '../../p2p/index.ts'
import type { ClusterMessage, RunAsk } from './messages.ts'
import { type RoomPort, RunRefused } from './types.ts'

const ANSWER_TIMEOUT_MS = 10_000

interface PendingAsk {
  to: PeerId
  resolve(): void
  reject(error: Error): void
  timer: ReturnType<typeof setTimeout>
}

/** What this page has asked of others, and waits for. */
export class Asks {
  readonly #room: Pick<RoomPort, 'sendControl'>
  #pending = new Map<number, PendingAsk>()
  #number = 0

  constructor(room: Pick<RoomPort, 'sendControl'>) {
    this.#room = room
  }

  /** Rejects with RunRefused when the answer is no, or when none comes. */
  ask(to: PeerId, name: string, ask: RunAsk): Promise<void> {
    return new Promise((resolve, reject) => {
      const id = this.#number++
      const timer = setTimeout(() => this.answered(to, id, `${name} does not answer. Try again.`), ANSWER_TIMEOUT_MS)
      this.#pending.set(id, { to, resolve, reject, timer })
      this.#room.sendControl(to, { type: 'run/ask', id, ask } satisfies ClusterMessage)
    })
  }

  /** False when nobody waits for it. */
  answered(from: PeerId, id: number, error: string | null): boolean {
    const ask = this.#pending.get(id)
    if (!ask || ask.to !== from) return false
    this.#pending.delete(id)
    clearTimeout(ask.timer)
    if (error === null) ask.resolve()
    else ask.reject(new RunRefused(error))
    return true
  }

  /** The page that was asked is gone. */
  lost(peer: PeerId, reason: string): void {
    for (const [id, { to }] of this.#pending) if (to === peer) this.answered(peer, id, `${reason} Try again.`)
  }

  close(): void {
    for (const { timer } of this.#pending.values()) clearTimeout(timer)
    this.#pending.clear()
  }
}
