import type { PeerId } from '../types.ts'

const REACH = 'reach '

/** What stands in the way, as whole sentences for the user, each about one thing. */
export class Troubles {
  #sentences = new Map<string, string>()

  get sentences(): string[] {
    return [...this.#sentences.values()]
  }

  /** Null when it is no longer true. Returns whether anything has changed. */
  set(about: string, sentence: string | null): boolean {
    if ((this.#sentences.get(about) ?? null) === sentence) return false
    if (sentence) this.#sentences.set(about, sentence)
    else this.#sentences.delete(about)
    return true
  }

  /** No channel to this peer opens. */
  cannotReach(peer: PeerId, sentence: string): boolean {
    return this.set(REACH + peer, sentence)
  }

  /** Drops the sentences about peers for whom this holds. */
  reached(peer: (peer: PeerId) => boolean): void {
    for (const about of this.#sentences.keys())
      if (about.startsWith(REACH) && peer(about.slice(REACH.length))) this.#sentences.delete(about)
  }

  clear(): void {
    this.#sentences.clear()
  }
}
