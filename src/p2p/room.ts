import { added } from './added.ts'
import { FrontDesk, type Join } from './front-desk.ts'
import { type ClaimStorage, claimOf, HostClaim } from './host-claim.ts'
import { zeroLinkCounts } from './ledger.ts'
import { hostOf, Membership } from './membership.ts'
import { Mesh } from './mesh.ts'
import { OrderKeeper } from './order-keeper.ts'
import { Oversteps } from './oversteps.ts'
import { type ListMember, MAX_MEMBERS, type MemberList, type RoomMessage } from './room-messages.ts'
import { type RoomKey, randomHex, roomKey } from './room-secret.ts'
import { type MeasuredLink, RoomError, type RoomLink, type RoomState } from './room-state.ts'
import type { Drops, Session } from './session.ts'
import type { Registration, Signalling, SignallingState } from './signalling.ts'
import type { PeerId } from './types.ts'

/** A tick that comes later than this after the one before tells that this page slept. */
const STALL_MS = 4_000
const KEEP_ALIVE_EVERY_MS = 5_000
/** A channel to somebody who is on no list: a newcomer whose list is still on its way, or nobody. */
const STRANGER_LIMIT_MS = 10_000
const MAX_DIALS = 3
const REDIAL_MS = 1_000
const FIRST_REJOIN_MS = 1_000
const MAX_REJOIN_MS = 30_000
/** Without a channel to the host for so long, this page takes it for gone. */
const HOST_LIMIT_MS = 15_000
/** Who has founded a room by mistake, while the one that was there before was changing its host, finds out sooner than this. */
const GIVE_WAY_MS = 15_000
const MAX_NAME_LENGTH = 40
const DISMISSED = 'the host has removed it'

export interface RoomOptions {
  room: string
  /** who knows it is in; two secrets are two rooms */
  secret: string
  /** shown to the others; empty: "Tab n" */
  name?: string
  signalling: Signalling
  /** outlives a reload of this tab: then the tab that was host gets the role back */
  storage?: ClaimStorage
  /** leaves the room when aborted */
  signal?: AbortSignal
}

/**
 * Everybody who is there, and a channel to each. The host (who founded the room, or was made host) keeps the numbered list of members, and
 * is found by newcomers at the front desk; when it goes, the first member by admission takes over. All state can be had as an immutable snapshot.
 */
export class Room {
  readonly selfId: PeerId = `tab-${randomHex(10)}`
  readonly #key: RoomKey
  readonly #own: Registration
  readonly #desk: FrontDesk
  readonly #mesh: Mesh
  readonly #claim: HostClaim
  /** the host that has been told this tab's claim, by ticket */
  #claimedFrom: string | null = null
  #name: string
  #membership: Membership
  #phase: RoomState['phase'] = 'joining'
  #signalling: RoomState['signalling'] = 'connecting'
  /** somebody else's room is at the desk, and this one moves there */
  #merging = false
  #dismissed = false
  #hidden = false
  #hiddenPeers = new Set<PeerId>()
  #errors = new Map<string, string>()
  #state: RoomState
  /** the last lists of members who may have become host, and even handed over again, before this page knew */
  #early = new Map<PeerId, MemberList>()
  #dials = new Map<string, number>()
  readonly #order: OrderKeeper
  #strangersSinceMs = new Map<PeerId, number>()
  #rejoins = 0
  #tickedAtMs = performance.now()
  #foundedAtMs = Number.NEGATIVE_INFINITY
  /** when this page last had a channel to its host */
  #hostSeenAtMs = performance.now()
  #keptAliveAtMs = performance.now()
  #stateListeners = new Set<(state: RoomState) => void>()
  #frameHandlers = new Set<(from: PeerId, message: ArrayBuffer) => void>()
  #controlHandlers = new Set<(from: PeerId, body: unknown) => void>()
  #lossHandlers = new Set<(id: PeerId, reason: string) => void>()
  #oversteps = new Oversteps()

  constructor(options: RoomOptions) {
    this.#key = roomKey(options.room, options.secret)
    this.#claim = new HostClaim(this.#key.frontDesk, options.storage)
    this.#name = (options.name ?? '').trim().slice(0, MAX_NAME_LENGTH)
    this.#membership = this.#alone()
    this.#own = options.signalling.register(this.selfId, {
      onState: (state) => this.#onSignalling(state),
      onConnection: (connection) => this.#mesh.receive(connection),
    })
    const ticket = () => this.#membership.self.ticket
    this.#mesh = new Mesh({
      own: () => this.#own,
      key: this.#key.key,
      ticket,
      handlers: {
        onUp: (session) => this.#onUp(session),
        onDown: (peer, lost, reason) => this.#onDown(peer, lost, reason),
        onMessage: (session, message) => this.#onMessage(session, message),
        onFrame: (session, message) => this.#frameHandlers.forEach((handler) => handler(session.peer, message)),
      },
    })
    this.#desk = new FrontDesk({
      signalling: options.signalling,
      roomKey: this.#key,
      own: this.#own,
      ticket,
      name: () => this.#name,
      members: () => (this.#phase === 'joined' ? this.#membership.present.length : 1),
      wanted: () => this.#phase !== 'left' && (this.#phase === 'joining' || this.#merging || this.#membership.amHost),
      onHeld: () => this.#onHeld(),
      onTaken: () => this.#desk.seek(),
      onWelcome: (list) => this.#onWelcome(list),
      admit: (join) => this.#admit(join),
      onTrouble: (sentence) => this.#setError('desk', sentence),
    })
    this.#order = new OrderKeeper({
      present: () => this.#membership.present,
      reaches: (member) => this.#reaches(member),
      remove: (member, reason) => this.#remove(member, reason),
    })
    this.#state = this.#snapshot()
    this.#desk.seek()
    options.signal?.addEventListener('abort', () => this.leave(), { once: true })
    if (options.signal?.aborted) this.leave()
  }

  // --- what the page sees and says ---

  getState = (): RoomState => this.#state

  /** Calls the listener after every change; returns how to stop that. */
  subscribe = (listener: (state: RoomState) => void): (() => void) => added(this.#stateListeners, listener)

  /** Takes ownership of the buffer. A peer that is gone is no error. */
  sendFrame(to: PeerId, message: ArrayBuffer): void {
    this.#mesh.get(to)?.sendFrame(message)
  }

  onFrame(handler: (from: PeerId, message: ArrayBuffer) => void): () => void {
    return added(this.#frameHandlers, handler)
  }

  /** Sends JSON to one peer; a peer that is gone is no error. Throws RangeError when it is too large. */
  sendControl(to: PeerId, body: unknown): void {
    this.#mesh.send(to, { type: 'app', body })
  }

  /** Sends JSON to everybody else. Throws RangeError when it is too large. */
  broadcast(body: unknown): void {
    this.#mesh.broadcast({ type: 'app', body })
  }

  /** What comes is any JSON: the handler checks it. The sender knows the secret, but may not be on the list of members yet. */
  onControl(handler: (from: PeerId, body: unknown) => void): () => void {
    return added(this.#controlHandlers, handler)
  }

  /** A member is gone for good; the reason is a sentence. Called once for each, also when this page itself is dropped. */
  onMemberLost(handler: (id: PeerId, reason: string) => void): () => void {
    return added(this.#lossHandlers, handler)
  }

  /** Somebody has tried what only the host may; nothing came of it. Called with a sentence, once for each peer. */
  onOverstep(handler: (sentence: string) => void): () => void {
    return this.#oversteps.listen(handler)
  }

  /** The open links. */
  links(): RoomLink[] {
    return this.#mesh.open.map(snapshotOf)
  }

  /** The open links, each with what the browser itself has counted on its channel. */
  measuredLinks(): Promise<MeasuredLink[]> {
    return Promise.all(
      this.#mesh.open.map(async (session) => {
        const measured = await session.measure()
        return { ...snapshotOf(session), measured }
      }),
    )
  }

  /** Control messages that were dropped, by why. */
  drops(): Drops {
    return this.#mesh.drops
  }

  /** Only the host may; throws RoomError otherwise. */
  setLocked(locked: boolean): void {
    if (this.#phase !== 'joined' || !this.#membership.amHost) throw new RoomError('Only the host can lock or unlock the room: ask it to.')
    this.#publish({ locked })
  }

  /**
   * Sends a member away for good: everybody sees its loss, and its page is not let in again. Only the host may; throws RoomError otherwise,
   * and for a page that is no other member.
   */
  dismiss(id: PeerId): void {
    if (this.#phase !== 'joined' || !this.#membership.amHost)
      throw new RoomError('Only the host can remove a tab from the room: ask it to.')
    const member = this.#membership.byId(id)
    if (!member || id === this.selfId) throw new RoomError(`There is no other tab ${id} in the room to remove.`)
    this.#membership.dismiss(id)
    // its channel stays open for the list that tells it so; it says goodbye itself, or ends as a stranger
    this.#publish()
    this.#tellLoss(member, DISMISSED)
  }

  /**
   * Makes another member host; this page is then one of the others, and only the new host can give the role back. Only the host may; throws
   * RoomError otherwise, and for a page that is no other member or not linked yet.
   */
  handOver(id: PeerId): void {
    if (this.#phase !== 'joined' || !this.#membership.amHost) throw new RoomError('Only the host can make another tab host: ask it to.')
    const member = this.#membership.byId(id)
    if (!member || id === this.selfId) throw new RoomError(`There is no other tab ${id} in the room to be its host.`)
    if (!this.#reaches(member)) throw new RoomError(`${member.name} is still connecting. Wait a moment, then make it host.`)
    this.#handOver(member)
  }

  /** Asks the host to list this page under another name; empty: "Tab n". */
  rename(name: string): void {
    this.#name = name.trim().slice(0, MAX_NAME_LENGTH)
    if (this.#phase === 'joining') this.#changed()
    else if (this.#membership.amHost) this.#rename(this.selfId, this.#name)
    else this.#mesh.send(this.#membership.host.id, { type: 'rename', name: this.#name })
  }

  /** Tells the others whether this page is in the background. */
  setHidden(hidden: boolean): void {
    if (hidden === this.#hidden) return
    this.#hidden = hidden
    this.#mesh.broadcast({ type: 'hidden', hidden })
    this.#changed()
  }

  /** To be called every second from a worker's timer, because a page's own are throttled when it is hidden. */
  tick(): void {
    if (this.#phase === 'left') return
    const nowMs = performance.now()
    const stalled = nowMs - this.#tickedAtMs > STALL_MS
    this.#tickedAtMs = nowMs
    if (nowMs - this.#keptAliveAtMs >= KEEP_ALIVE_EVERY_MS) {
      this.#keptAliveAtMs = nowMs
      this.#own.keepAlive()
      this.#desk.keepAlive()
      this.#askForList()
    }
    if (stalled) {
      this.#hostSeenAtMs = nowMs
      this.#strangersSinceMs.clear()
      this.#order.forgive()
    }
    this.#mesh.tick(nowMs, stalled)
    this.#dropStrangers(nowMs)
    this.#watchHost(nowMs)
    if (this.#phase === 'joined' && this.#membership.amHost) this.#order.look(nowMs)
  }

  /** Says goodbye, so that the others need not wait for silence. The room cannot be used afterwards. */
  leave(): void {
    if (this.#phase === 'left') return
    this.#mesh.broadcast({ type: 'bye' })
    this.#phase = 'left'
    this.#desk.close()
    this.#mesh.closeAll()
    this.#own.close()
    this.#changed()
  }

  // --- finding the room ---

  #alone(): Membership {
    return new Membership({ id: this.selfId, name: this.#name || 'Tab 1', ticket: randomHex(8) })
  }

  #onHeld(): void {
    // whoever comes as first of its own list brings the others with it
    if (this.#phase === 'joining' || !this.#membership.amHost) {
      if (this.#phase === 'joining') this.#foundedAtMs = performance.now()
      const { number } = this.#membership
      this.#membership = new Membership({ ...this.#membership.self, name: this.#name || 'Tab 1' })
      this.#membership.replace({ ...this.#membership.list, number })
    }
    this.#merging = false
    this.#phase = 'joined'
    this.#publish()
  }

  #onWelcome(list: MemberList): void {
    if (list.dismissed.includes(this.selfId)) return this.#goAway()
    if (!this.#membership.isIn(list)) {
      setTimeout(() => this.#desk.seek(), REDIAL_MS)
      return
    }
    // open channels stay: a run among those who move together goes on
    const moving = this.#membership.replace(list)
    for (const member of moving) this.#mesh.send(member.id, { type: 'merge' })
    this.#phase = 'joined'
    this.#merging = false
    this.#early.clear()
    this.#reconcile()
  }

  #admit({ peer, name, ticket, members }: Join): MemberList | string {
    if (this.#phase !== 'joined' || !this.#membership.amHost) return 'it is just moving, try again'
    if (members > 1 && this.#isNew) {
      setTimeout(() => this.#isNew && this.#rejoin('The room was there already. Joining it.'))
      return 'it gives way to the room that was there before'
    }
    if (this.#membership.isDismissed(peer)) return this.#membership.list
    const known = this.#membership.byId(peer)
    if (known?.ticket === ticket) return this.#membership.list
    if (known) this.#memberGone(known, 'it came anew')
    if (!this.#membership.admit({ id: peer, name: name.slice(0, MAX_NAME_LENGTH), ticket })) return `the room is full (${MAX_MEMBERS} tabs)`
    this.#order.admitted(ticket)
    this.#publish()
    return this.#membership.list
  }

  /** Founded a moment ago, and nobody has come yet. */
  get #isNew(): boolean {
    const recently = performance.now() - this.#foundedAtMs < GIVE_WAY_MS
    return this.#phase === 'joined' && recently && this.#membership.present.length === 1
  }

  /** This page was dropped or cannot reach the host: forget everybody and come again as a newcomer. */
  #rejoin(reason: string): void {
    this.#setError('removed', reason)
    const others = this.#membership.present.filter((member) => member.id !== this.selfId)
    this.#mesh.closeAll()
    this.#desk.release()
    this.#membership = this.#alone()
    this.#phase = 'joining'
    this.#merging = false
    this.#early.clear()
    this.#dials.clear()
    this.#changed()
    for (const member of others) this.#tellLoss(member, 'this tab lost the room')
    setTimeout(() => this.#desk.seek(), Math.min(MAX_REJOIN_MS, FIRST_REJOIN_MS * 2 ** this.#rejoins++))
  }

  /** The host has sent this page away. */
  #goAway(): void {
    this.#dismissed = true
    this.#errors.clear()
    this.#errors.set('dismissed', 'The host has removed this tab from the room.')
    this.#membership = this.#alone()
    this.leave()
  }

  // --- channels ---

  #onUp(session: Session): void {
    if (this.#hidden) session.send({ type: 'hidden', hidden: true })
    if (this.#phase === 'joined' && this.#membership.amHost) session.send({ type: 'list', list: this.#membership.list })
    else if (session.peer === this.#membership.host.id) this.#askForList()
    this.#changed()
  }

  #onDown(peer: PeerId, ticket: string | null, reason: string): void {
    this.#hiddenPeers.delete(peer)
    const member = this.#membership.byId(peer)
    if (!member || this.#phase !== 'joined') return
    if (ticket === null) this.#onDialFailed(member, reason)
    else if (member.ticket === ticket) this.#memberGone(member, reason)
  }

  #onDialFailed(member: ListMember, reason: string): void {
    const dials = (this.#dials.get(member.ticket) ?? 0) + 1
    this.#dials.set(member.ticket, dials)
    this.#setError(`reach ${member.id}`, `${member.name} cannot be reached: ${reason}.`)
    if (member.ticket === this.#membership.host.ticket)
      this.#rejoin(`The host (${member.name}) cannot be reached: ${reason}. Joining again.`)
    else if (dials < MAX_DIALS) setTimeout(() => this.#reconcile(), REDIAL_MS)
    else this.#mesh.send(this.#membership.host.id, { type: 'lost', ticket: member.ticket })
  }

  /** Dials who came earlier, and closes channels to earlier stays of a member. */
  #reconcile(): void {
    if (this.#phase !== 'joined') return
    for (const member of this.#membership.present) {
      const session = this.#mesh.get(member.id)
      if (session?.isOpen && session.ticket !== member.ticket) this.#mesh.end(member.id)
    }
    for (const member of this.#membership.earlier) if ((this.#dials.get(member.ticket) ?? 0) < MAX_DIALS) this.#mesh.dial(member.id)
    this.#changed()
  }

  #reaches({ id }: ListMember): boolean {
    return id === this.selfId || this.#mesh.get(id)?.isOpen === true
  }

  #dropStrangers(nowMs: number): void {
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

  #onMessage(session: Session, message: RoomMessage): void {
    const from = session.peer
    switch (message.type) {
      case 'app':
        this.#controlHandlers.forEach((handler) => handler(from, message.body))
        break
      case 'list':
        this.#onList(session, message.list)
        break
      case 'lost':
        this.#onLostReport(session, message.ticket)
        break
      case 'rename':
        if (this.#phase === 'joined' && this.#membership.amHost) this.#rename(from, message.name.slice(0, MAX_NAME_LENGTH))
        break
      case 'removed':
        if (from === this.#membership.host.id) this.#rejoin(message.reason)
        else this.#onOverstep(session, 'remove this tab from the room')
        break
      case 'merge':
        if (from !== this.#membership.host.id) break
        this.#merging = true
        this.#desk.seek()
        break
      case 'have':
        if (this.#phase === 'joined' && message.number < this.#membership.number)
          session.send({ type: 'list', list: this.#membership.list })
        break
      case 'claim':
        this.#onClaim(session, message.secret)
        break
      case 'hidden':
        if (message.hidden) this.#hiddenPeers.add(from)
        else this.#hiddenPeers.delete(from)
        this.#changed()
        break
      case 'bye':
        this.#mesh.end(from)
        this.#onDown(from, session.ticket, 'it left the room')
        break
      case 'hello':
      case 'proof':
      case 'ping':
      case 'pong':
      case 'join':
      case 'welcome':
      case 'refused':
        session.drops.unexpected++
        break
      default:
        message satisfies never
    }
  }

  // --- the list of members ---

  #onList(session: Session, list: MemberList): void {
    if (this.#phase !== 'joined') return
    const from = session.peer
    const { amHost, host } = this.#membership
    if (!amHost && from === host.id) return this.#takeList(list)
    const early = !amHost && this.#membership.byId(from) !== undefined && this.#membership.accepts(list)
    if (early) this.#early.set(from, list)
    const gone = this.#membership.present.filter(({ id }) => list.dismissed.includes(id))
    if (gone.length === 0 || (early && hostOf(list)?.id === from)) return
    this.#onOverstep(session, `remove ${gone.map(({ name }) => name).join(', ')} from the room`)
  }

  #onOverstep(session: Session, what: string): void {
    session.drops.unexpected++
    this.#oversteps.tell(session.peer, this.#membership.byId(session.peer)?.name ?? 'Somebody outside of the room', what)
  }

  #takeList(list: MemberList): void {
    if (list.dismissed.includes(this.selfId)) return this.#goAway()
    if (!this.#membership.isIn(list)) return this.#rejoin('The host has dropped this tab from the room. Joining again.')
    const before = this.#membership.host
    for (const member of this.#membership.replace(list)) {
      const dismissed = list.dismissed.includes(member.id)
      if (!dismissed && this.#mesh.get(member.id)?.ticket === member.ticket) this.#mesh.end(member.id)
      this.#tellLoss(member, dismissed ? DISMISSED : 'the host no longer sees it')
    }
    this.#reconcile()
    if (this.#membership.host.ticket !== before.ticket) this.#onNewHost()
  }

  #memberGone(member: ListMember, reason: string): void {
    const before = this.#membership.host
    if (!this.#membership.lose(member.ticket)) return
    const { host, amHost } = this.#membership
    if (host.ticket !== before.ticket) this.#onNewHost()
    else if (amHost) this.#publish()
    else {
      this.#mesh.send(host.id, { type: 'lost', ticket: member.ticket })
      this.#changed()
    }
    this.#tellLoss(member, reason)
  }

  /** The one before is gone, or has handed over. */
  #onNewHost(): void {
    const { host, amHost, lost } = this.#membership
    this.#hostSeenAtMs = performance.now()
    if (amHost) {
      this.#order.forgive()
      this.#publish()
      this.#desk.seek()
      return
    }
    // what the one before was told may have died with it
    for (const ticket of lost) this.#mesh.send(host.id, { type: 'lost', ticket })
    this.#askForList()
    const early = this.#early.get(host.id)
    if (early && this.#membership.accepts(early)) this.#takeList(early)
    else this.#changed()
  }

  /** Whom this page takes for host may have handed over meanwhile, or published what did not arrive here. */
  #askForList(): void {
    const { host, amHost, number } = this.#membership
    if (this.#phase === 'joined' && !amHost) this.#mesh.send(host.id, { type: 'have', number })
  }

  /** A host that was made so elsewhere may never get here: nobody would notice its loss. */
  #watchHost(nowMs: number): void {
    const { host } = this.#membership
    if (this.#phase !== 'joined' || this.#reaches(host)) this.#hostSeenAtMs = nowMs
    else if (nowMs - this.#hostSeenAtMs >= HOST_LIMIT_MS) this.#memberGone(host, 'no channel to it has opened')
  }

  /** Was this tab host before it was loaded anew? Then it says so to whoever followed it, as soon as it reaches everybody. */
  #claimBack(): void {
    const { host, amHost, present, list } = this.#membership
    if (this.#phase !== 'joined' || amHost || this.#claimedFrom === host.ticket || !this.#claim.isOwn(list.claim)) return
    const secret = present.every((member) => this.#reaches(member)) ? this.#claim.spend() : null
    if (secret === null) return
    this.#claimedFrom = host.ticket
    this.#mesh.send(host.id, { type: 'claim', secret })
  }

  #tellLoss(member: ListMember, reason: string): void {
    this.#lossHandlers.forEach((handler) => handler(member.id, `${member.name} is gone: ${reason}.`))
  }

  // --- the host's part ---

  #publish(changes: { locked?: boolean } = {}): void {
    const claim = this.#membership.list.claim ?? this.#claim.stake()
    const list = this.#membership.publish({ ...changes, claim })
    this.#mesh.broadcast({ type: 'list', list })
    this.#reconcile()
  }

  /** Names the next host, who then says its own claim; from here on its lists count. */
  #handOver({ ticket }: ListMember): void {
    this.#desk.release()
    const list = this.#membership.publish({ host: ticket, claim: null })
    this.#mesh.broadcast({ type: 'list', list })
    this.#onNewHost()
  }

  #onClaim(session: Session, secret: string): void {
    if (this.#phase !== 'joined' || !this.#membership.amHost) return
    const { claim } = this.#membership.list
    if (claimOf(secret) !== claim) return this.#onOverstep(session, 'make itself host')
    // a copy of this very tab has its secret too
    const member = this.#membership.byId(session.peer)
    if (member && !this.#claim.isOwn(claim)) this.#handOver(member)
  }

  #rename(id: PeerId, name: string): void {
    this.#membership.rename(id, name)
    this.#publish()
  }

  #onLostReport(session: Session, about: string): void {
    if (this.#phase !== 'joined' || !this.#membership.amHost) return
    const member = this.#membership.byTicket(about)
    if (!member) session.send({ type: 'list', list: this.#membership.list })
    else if (session.ticket && member.id !== this.selfId) this.#order.quarrel(session.ticket, about)
  }

  #remove(member: ListMember, reason: string): void {
    this.#mesh.send(member.id, { type: 'removed', reason: `The host has dropped this tab: ${reason}. Joining again.` })
    this.#mesh.end(member.id)
    this.#memberGone(member, reason)
  }

  // --- the snapshot ---

  #onSignalling(state: SignallingState): void {
    if (this.#phase === 'left') return
    this.#signalling = state === 'connected' ? 'connected' : 'lost'
    if (state === 'connected') this.#errors.delete('signalling')
    else
      this.#errors.set(
        'signalling',
        'The signalling server is out of reach. Open links stay, but nobody new can join until it is back; trying again.',
      )
    this.#changed()
  }

  #setError(about: string, sentence: string | null): void {
    if ((this.#errors.get(about) ?? null) === sentence) return
    if (sentence) this.#errors.set(about, sentence)
    else this.#errors.delete(about)
    this.#changed()
  }

  #changed(): void {
    for (const about of this.#errors.keys()) {
      const peer = about.startsWith('reach ') ? about.slice('reach '.length) : null
      if (peer && (!this.#membership.byId(peer) || this.#mesh.get(peer)?.isOpen)) this.#errors.delete(about)
    }
    this.#claimBack()
    if (this.#phase === 'joined' && this.#membership.present.every((member) => this.#reaches(member))) {
      this.#errors.delete('removed')
      this.#rejoins = 0
    }
    this.#state = this.#snapshot()
    this.#stateListeners.forEach((listener) => listener(this.#state))
  }

  #snapshot(): RoomState {
    const { present, host, number, locked } = this.#membership
    return {
      phase: this.#phase,
      dismissed: this.#dismissed,
      selfId: this.selfId,
      members: present.map((member, rank) => {
        const { id, name } = member
        const self = id === this.selfId
        const link = this.#reaches(member) ? 'open' : 'connecting'
        return {
          id,
          name: this.#phase === 'joining' ? this.#name || 'This tab' : name,
          rank,
          self,
          host: member === host && this.#phase === 'joined',
          link,
          hidden: self ? this.#hidden : this.#hiddenPeers.has(id),
        }
      }),
      hostId: this.#phase === 'joined' ? host.id : null,
      memberListNumber: number,
      locked,
      signalling: this.#signalling,
      errors: [...this.#errors.values()],
    }
  }
}

function snapshotOf({ peer, counts, rttMs }: Session): RoomLink {
  return { peer, counts: counts ? structuredClone(counts) : zeroLinkCounts(), rttMs }
}
