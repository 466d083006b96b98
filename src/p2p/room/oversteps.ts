import type { PeerId } from '../types.ts'
import { added } from './added.ts'
import type { ListMember } from './messages.ts'
import type { Session } from './session.ts'

/** Counts what peers try that only the host may, and tells of it: once for each peer, so that nobody can flood a log. */
export class Oversteps {
  #told = new Set<PeerId>()
  #handlers = new Set<(sentence: string) => void>()

  listen(handler: (sentence: string) => void): () => void {
    return added(this.#handlers, handler)
  }

  /** `by`: the member at the other end, if it is one. */
  tell({ peer, drops }: Session, by: ListMember | undefined, what: string): void {
    drops.unexpected++
    if (this.#told.has(peer)) return
    this.#told.add(peer)
    const name = by?.name ?? 'Somebody outside of the room'
    this.#handlers.forEach((handler) => handler(`${name} has tried to ${what}. Only the host may: ignored.`))
  }
}
