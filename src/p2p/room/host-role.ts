import type { PeerId } from '../types.ts'
import type { Join } from './front-desk.ts'
import { claimOf, type HostClaim } from './host-claim.ts'
import type { MemberLinks } from './member-links.ts'
import type { Membership } from './membership.ts'
import type { Mesh } from './mesh.ts'
import { type ListMember, MAX_MEMBERS, type MemberList } from './messages.ts'
import { OrderKeeper } from './order-keeper.ts'
import type { Oversteps } from './oversteps.ts'
import type { Roll } from './roll.ts'
import type { Session } from './session.ts'
import { RoomError } from './state.ts'

export interface HostRoleOptions {
  membership: Membership
  mesh: Mesh
  links: MemberLinks
  claim: HostClaim
  oversteps: Oversteps
  roll: Roll
}

/** What only the host does: lets tabs in, keeps order among them, and has the last word on names, the lock, and who is host next. */
export class HostRole {
  readonly #options: HostRoleOptions
  readonly #order: OrderKeeper

  constructor(options: HostRoleOptions) {
    this.#options = options
    const { membership, links } = options
    this.#order = new OrderKeeper({
      present: () => membership.present,
      reaches: (member) => links.reaches(member),
      remove: (member, reason) => this.#remove(member, reason),
    })
  }

  // --- for this page's user; each throws RoomError on a page that is not the host ---

  setLocked(locked: boolean): void {
    const { roll } = this.#options
    if (!roll.isHost) throw new RoomError('Only the host can lock or unlock the room: ask it to.')
    roll.publish({ locked })
  }

  dismiss(id: PeerId): void {
    const { roll } = this.#options
    if (!roll.isHost) throw new RoomError('Only the host can remove a tab from the room: ask it to.')
    const member = this.#other(id)
    if (!member) throw new RoomError(`There is no other tab ${id} in the room to remove.`)
    roll.dismiss(member)
  }

  handOver(id: PeerId): void {
    const { roll, links } = this.#options
    if (!roll.isHost) throw new RoomError('Only the host can make another tab host: ask it to.')
    const member = this.#other(id)
    if (!member) throw new RoomError(`There is no other tab ${id} in the room to be its host.`)
    if (!links.reaches(member)) throw new RoomError(`${member.name} is still connecting. Wait a moment, then make it host.`)
    roll.handOver(member)
  }

  #other(id: PeerId): ListMember | undefined {
    const { membership } = this.#options
    return id === membership.self.id ? undefined : membership.byId(id)
  }

  // --- for the others ---

  /** Lets a newcomer in: the list with it, or why not. A page that was sent away gets the list that tells it so. */
  admit({ peer, name, ticket }: Join): MemberList | string {
    const { membership, roll } = this.#options
    if (membership.isDismissed(peer)) return membership.list
    const known = membership.byId(peer)
    if (known?.ticket === ticket) return membership.list
    if (known) roll.lose(known, 'it came anew')
    if (!membership.admit({ id: peer, name, ticket })) return `the room is full (${MAX_MEMBERS} tabs)`
    this.#order.admitted(ticket)
    roll.publish()
    return membership.list
  }

  rename(id: PeerId, name: string): void {
    this.#options.membership.rename(id, name)
    this.#options.roll.publish()
  }

  /** A member says that its channel to another one has ended. */
  onLostReport(session: Session, about: string): void {
    const { membership } = this.#options
    const member = membership.byTicket(about)
    if (!member) session.send({ type: 'list', list: membership.list })
    else if (session.ticket && member.id !== membership.self.id) this.#order.quarrel(session.ticket, about)
  }

  /** Somebody says that it was host before. */
  onClaim(session: Session, secret: string): void {
    const { membership, claim: own, oversteps, roll } = this.#options
    const { claim } = membership.list
    const member = membership.byId(session.peer)
    if (claimOf(secret) !== claim) return oversteps.tell(session, member, 'make itself host')
    // a copy of this very tab has its secret too
    if (member && !own.isOwn(claim)) roll.handOver(member)
  }

  // --- order ---

  /** To be called every second while this page is host. */
  look(nowMs: number): void {
    this.#order.look(nowMs)
  }

  /** This page has slept, or has just become host: everybody gets a fresh window. */
  forgive(): void {
    this.#order.forgive()
  }

  #remove(member: ListMember, reason: string): void {
    const { mesh, roll } = this.#options
    mesh.send(member.id, { type: 'removed', reason: `The host has dropped this tab: ${reason}. Joining again.` })
    mesh.end(member.id)
    roll.lose(member, reason)
  }
}
