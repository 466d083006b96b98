import type { BackendChoice } from '../../engine/index.ts'
import type { PeerId } from '../../p2p/index.ts'
import type { ClusterMessage } from './messages.ts'

/** What each page of the room says of itself: what its worker computes with, and whether that worker is busy with something else. */
export class Profiles {
  #backends: Record<PeerId, BackendChoice> = {}
  #busy = new Set<PeerId>()

  /** A new object after every change. */
  get backends(): Record<PeerId, BackendChoice> {
    return this.#backends
  }

  get busy(): PeerId[] {
    return [...this.#busy]
  }

  isBusy(id: PeerId): boolean {
    return this.#busy.has(id)
  }

  setBackend(id: PeerId, backend: BackendChoice): void {
    this.#backends = { ...this.#backends, [id]: backend }
  }

  setBusy(id: PeerId, busy: boolean): void {
    if (busy) this.#busy.add(id)
    else this.#busy.delete(id)
  }

  forget(id: PeerId): void {
    const { [id]: _, ...others } = this.#backends
    this.#backends = others
    this.#busy.delete(id)
  }

  /** What the others should know of a page; null before its worker has said what it computes with. */
  messageOf(id: PeerId): ClusterMessage | null {
    const backend = this.#backends[id]
    return backend ? { type: 'run/profile', backend, busy: this.isBusy(id) } : null
  }
}
