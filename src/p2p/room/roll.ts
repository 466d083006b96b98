import type { PeerId } from '../types.ts'
import type { HostClaim } from './host-claim.ts'
import type { MemberLinks } from './member-links.ts'
import { hostOf, type Membership } from './membership.ts'
import type { Mesh } from './mesh.ts'
import type { ListMember, MemberList } from './messages.ts'
import type { Oversteps } from './oversteps.ts'
import type { Session } from './session.ts'

/** Without a channel to the host for so long, this page takes it for gone. */
const HOST_LIMIT_MS = 15_000
const REDIAL_MS = 1_000
const DISMISSED = 'the host has removed it'

export interface RollOptions {
  membership: Membership
  mesh: Mesh
  links: MemberLinks
  claim: HostClaim
  oversteps: Oversteps
  /** this page is in the room; before and afterwards no list counts */
  joined(): boolean
  /** This page has become host. */
  onHost(): void
  /** This page is host no more. */
  onHandedOver(): void
  /** No channel to a member opens. */
  onUnreachable(peer: PeerId, sentence: string): void
  /** The host's list is without this page, or the host is out of reach. */
  onDropped(reason: string): void
  /** The host has sent this page away. */
  onDismissed(): void
  /** A member is gone; the reason goes into a sentence. */
  onLost(member: ListMember, reason: string): void
  onChange(): void
}

/**
 * The numbered list of members as it goes round: the host makes it, all others take the newest of their host's. When the host goes, hands over, or gives
 * the role back to the one before, everybody knows who makes the next.
 */
export class Roll {
  readonly #options: RollOptions
  /** the last lists of members who may have become host, and even handed over again, before this page knew */
  #early = new Map<PeerId, MemberList>()
  /** when this page last had a channel to its host */
  #hostSeenAtMs = performance.now()

  constructor(options: RollOptions) {
    this.#options = options
  }

  get isHost(): boolean {
    return this.#options.joined() && this.#options.membership.amHost
  }

  // --- taking the host's list ---

  /** This page comes in; those of its own room who are not on the list come along. */
  enter(list: MemberList): void {
    const { membership, mesh } = this.#options
    // open channels stay: a run among those who move together goes on
    for (const { id } of membership.replace(list)) mesh.send(id, { type: 'merge' })
    this.#early.clear()
    this.reconcile()
  }

  /** What was heard in the room that this page has lost no longer counts. */
  forget(): void {
    this.#early.clear()
  }

  receive(session: Session, list: MemberList): void {
    const { membership, joined, oversteps } = this.#options
    if (!joined()) return
    const from = session.peer
    const { amHost, host } = membership
    if (!amHost && from === host.id) return this.#take(list)
    const early = !amHost && membership.byId(from) !== undefined && membership.accepts(list)
    if (early) this.#early.set(from, list)
    const gone = membership.present.filter(({ id }) => list.dismissed.includes(id))
    if (gone.length === 0 || (early && hostOf(list)?.id === from)) return
    oversteps.tell(session, membership.byId(from), `remove ${gone.map(({ name }) => name).join(', ')} from the room`)
  }

  #take(list: MemberList): void {
    const { membership, mesh, onDismissed, onDropped, onLost } = this.#options
    if (list.dismissed.includes(membership.self.id)) return onDismissed()
    if (!membership.isIn(list)) return onDropped('The host has dropped this tab from the room. Joining again.')
    const before = membership.host
    for (const member of membership.replace(list)) {
      const dismissed = list.dismissed.includes(member.id)
      if (!dismissed && mesh.get(member.id)?.ticket === member.ticket) mesh.end(member.id)
      onLost(member, dismissed ? DISMISSED : 'the host no longer sees it')
    }
    this.reconcile()
    if (membership.host.ticket !== before.ticket) this.#onNewHost()
  }

  /** A channel is open: who may not know the newest list gets it, or is asked for it. */
  onUp(session: Session): void {
    const { membership } = this.#options
    if (this.isHost) session.send({ type: 'list', list: membership.list })
    else if (session.peer === membership.host.id) this.ask()
  }

  /** Whom this page takes for host may have handed over meanwhile, or published what did not arrive here. */
  ask(): void {
    const { membership, mesh, joined } = this.#options
    const { host, amHost, number } = membership
    if (joined() && !amHost) mesh.send(host.id, { type: 'have', number })
  }

  /** Somebody has the list of this number. */
  answer(session: Session, number: number): void {
    const { membership, joined } = this.#options
    if (joined() && number < membership.number) session.send({ type: 'list', list: membership.list })
  }

  /** Brings the channels in line with the list. */
  reconcile(): void {
    const { links, joined, onChange } = this.#options
    if (!joined()) return
    links.reconcile()
    onChange()
  }

  // --- losses, and who is host then ---

  /** A channel is gone, or has never opened (`ticket` null). */
  onDown(peer: PeerId, ticket: string | null, reason: string): void {
    const { membership, joined } = this.#options
    const member = membership.byId(peer)
    if (!member || !joined()) return
    if (ticket === null) this.#onDialFailed(member, reason)
    else if (member.ticket === ticket) this.lose(member, reason)
  }

  #onDialFailed(member: ListMember, reason: string): void {
    const { membership, mesh, links, onUnreachable, onDropped } = this.#options
    const again = links.dialFailed(member)
    onUnreachable(member.id, `${member.name} cannot be reached: ${reason}.`)
    const { host } = membership
    if (member.ticket === host.ticket) onDropped(`The host (${member.name}) cannot be reached: ${reason}. Joining again.`)
    else if (again) setTimeout(() => this.reconcile(), REDIAL_MS)
    else mesh.send(host.id, { type: 'lost', ticket: member.ticket })
  }

  /** A member is gone, as seen from here. */
  lose(member: ListMember, reason: string): void {
    const { membership, mesh, onLost, onChange } = this.#options
    const before = membership.host
    if (!membership.lose(member.ticket)) return
    const { host, amHost } = membership
    if (host.ticket !== before.ticket) this.#onNewHost()
    else if (amHost) this.publish()
    else {
      mesh.send(host.id, { type: 'lost', ticket: member.ticket })
      onChange()
    }
    onLost(member, reason)
  }

  /** The one before is gone, or has handed over. */
  #onNewHost(): void {
    const { membership, mesh, onHost, onChange } = this.#options
    const { host, amHost, lost } = membership
    this.#hostSeenAtMs = performance.now()
    if (amHost) {
      this.publish()
      onHost()
      return
    }
    // what the one before was told may have died with it
    for (const ticket of lost) mesh.send(host.id, { type: 'lost', ticket })
    this.ask()
    const early = this.#early.get(host.id)
    if (early && membership.accepts(early)) this.#take(early)
    else onChange()
  }

  /** To be called every second. A host that was made so elsewhere may never get here: nobody would notice its loss. */
  watchHost(nowMs: number): void {
    const { membership, links, joined } = this.#options
    const { host } = membership
    if (!joined() || links.reaches(host)) this.#hostSeenAtMs = nowMs
    else if (nowMs - this.#hostSeenAtMs >= HOST_LIMIT_MS) this.lose(host, 'no channel to it has opened')
  }

  /** This page has slept: its host gets a fresh window. */
  forgive(nowMs: number): void {
    this.#hostSeenAtMs = nowMs
  }

  /** Was this tab host before it was loaded anew? Then it says so to whoever followed it, as soon as it reaches everybody. */
  claimBack(): void {
    const { membership, mesh, links, claim, joined } = this.#options
    const { host, amHost, list } = membership
    if (!joined() || amHost || !links.reachesAll) return
    const secret = claim.proofFor(host.ticket, list.claim)
    if (secret !== null) mesh.send(host.id, { type: 'claim', secret })
  }

  // --- making the list, as host ---

  publish(changes: { locked?: boolean } = {}): void {
    const { membership, mesh, claim } = this.#options
    const list = membership.publish({ ...changes, claim: membership.list.claim ?? claim.stake() })
    mesh.broadcast({ type: 'list', list })
    this.reconcile()
  }

  /** Strikes a member off for good. */
  dismiss(member: ListMember): void {
    this.#options.membership.dismiss(member.id)
    // its channel stays open for the list that tells it so; it says goodbye itself, or ends as a stranger
    this.publish()
    this.#options.onLost(member, DISMISSED)
  }

  /** Names the next host, who then says its own claim; from here on its lists count. */
  handOver({ ticket }: ListMember): void {
    const { membership, mesh, onHandedOver } = this.#options
    onHandedOver()
    const list = membership.publish({ host: ticket, claim: null })
    mesh.broadcast({ type: 'list', list })
    this.#onNewHost()
  }
}
