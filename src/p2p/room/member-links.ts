import type { PeerId } from '../types.ts'
import type { Membership } from './membership.ts'
import type { Mesh } from './mesh.ts'
import type { ListMember } from './messages.ts'

/** A channel to somebody who is on no list: a newcomer whose list is still on its way, or nobody. */
const STRANGER_LIMIT_MS = 10_000
const MAX_DIALS = 3

/** One channel to each member: dials those who came earlier, ends those that belong to nobody, and knows who is reached. */
export class MemberLinks {
  readonly #membership: Membership
  readonly #mesh: Mesh
  /** dials that failed, by ticket */
  #failed = new Map<string, number>()
  #strangersSinceMs = new Map<PeerId, number>()

  constructor(membership: Membership, mesh: Mesh) {
    this.#membership = membership
    this.#mesh = mesh
  }

  /** This page has a channel to the member, or is it. */
  reaches({ id }: ListMember): boolean {
    return id === this.#membership.self.id || this.#mesh.get(id)?.isOpen === true
  }

  get reachesAll(): boolean {
    return this.#membership.present.every((member) => this.reaches(member))
  }

  /** Dials who came earlier, and closes channels to earlier stays of a member. */
  reconcile(): void {
    for (const { id, ticket } of this.#membership.present) {
      const session = this.#mesh.get(id)
      if (session?.isOpen && session.ticket !== ticket) this.#mesh.end(id)
    }
    for (const member of this.#membership.earlier) if (this.#mayDial(member)) this.#mesh.dial(member.id)
  }

  /** A dial was in vain; returns whether there will be another. */
  dialFailed(member: ListMember): boolean {
    this.#failed.set(member.ticket, this.#failures(member) + 1)
    return this.#mayDial(member)
  }

  #failures({ ticket }: ListMember): number {
    return this.#failed.get(ticket) ?? 0
  }

  #mayDial(member: ListMember): boolean {
    return this.#failures(member) < MAX_DIALS
  }

  /** Nobody is known any more. */
  forget(): void {
    this.#failed.clear()
  }

  /** This page has slept: who is a stranger may be on the next list. */
  forgive(): void {
    this.#strangersSinceMs.clear()
  }

  /** To be called every second. */
  dropStrangers(nowMs: number): void {
    for (const { peer } of this.#mesh.open) {
      if (this.#membership.byId(peer)) this.#strangersSinceMs.delete(peer)
      else if (!this.#strangersSinceMs.has(peer)) this.#strangersSinceMs.set(peer, nowMs)
    }
    for (const [peer, sinceMs] of this.#strangersSinceMs) {
      if (nowMs - sinceMs < STRANGER_LIMIT_MS) continue
      this.#strangersSinceMs.delete(peer)
      this.#mesh.end(peer)
    }
  }
}
