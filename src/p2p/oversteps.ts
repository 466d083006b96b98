import { added } from './added.ts'
import type { PeerId } from './types.ts'

/** Tells of peers that tried what only the host may: once for each peer, so that nobody can flood a log. */
export class Oversteps {
  #told = new Set<PeerId>()
  #handlers = new Set<(sentence: string) => void>()

  listen(handler: (sentence: string) => void): () => void {
    return added(this.#handlers, handler)
  }

  tell(peer: PeerId, name: string, what: string): void {
    if (this.#told.has(peer)) return
    this.#told.add(peer)
    this.#handlers.forEach((handler) => handler(`${name} has tried to ${what}. Only the host may: ignored.`))
  }
}
