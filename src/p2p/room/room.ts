import type { PeerId } from '../types.ts'
import { added } from './added.ts'
import { Entry } from './entry.ts'
import { type ClaimStorage, HostClaim } from './host-claim.ts'
import { HostRole } from './host-role.ts'
import { MemberLinks } from './member-links.ts'
import { MAX_NAME_LENGTH, Membership } from './membership.ts'
import { Mesh } from './mesh.ts'
import type { ListMember, RoomMessage } from './messages.ts'
import { Oversteps } from './oversteps.ts'
import { Pulse } from './pulse.ts'
import { Roll } from './roll.ts'
import { randomHex, roomKey } from './secret.ts'
import type { Drops, Session } from './session.ts'
import type { Registration, Signalling, SignallingState } from './signalling.ts'
import { roomLink, roomState } from './snapshot.ts'
import type { MeasuredLink, RoomLink, RoomState } from './state.ts'
import { Troubles } from './troubles.ts'

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
  readonly #own: Registration
  readonly #membership: Membership
  readonly #mesh: Mesh
  readonly #links: MemberLinks
  readonly #entry: Entry
  readonly #roll: Roll
  readonly #host: HostRole
  readonly #oversteps = new Oversteps()
  readonly #troubles = new Troubles()
  readonly #pulse = new Pulse()
  #name: string
  #signalling: RoomState['signalling'] = 'connecting'
  #dismissed = false
  #hidden = false
  #hiddenPeers = new Set<PeerId>()
  #state: RoomState
  #stateListeners = new Set<(state: RoomState) => void>()
  #frameHandlers = new Set<(from: PeerId, message: ArrayBuffer) => void>()
  #controlHandlers = new Set<(from: PeerId, body: unknown) => void>()
  #lossHandlers = new Set<(id: PeerId, reason: string) => void>()

  constructor({ room, secret, name, signalling, storage, signal }: RoomOptions) {
    const key = roomKey(room, secret)
    this.#name = tidy(name ?? '')
    this.#membership = new Membership(this.#newcomer())
    this.#own = signalling.register(this.selfId, {
      onState: (state) => this.#onSignalling(state),
      onConnection: (connection) => this.#mesh.receive(connection),
    })
    this.#mesh = new Mesh({
      own: () => this.#own,
      key: key.key,
      ticket: () => this.#membership.self.ticket,
      handlers: {
        onUp: (session) => this.#onUp(session),
        onDown: (peer, lost, reason) => this.#onDown(peer, lost, reason),
        onMessage: (session, message) => this.#onMessage(session, message),
        onFrame: (session, message) => this.#frameHandlers.forEach((handler) => handler(session.peer, message)),
      },
    })
    this.#links = new MemberLinks(this.#membership, this.#mesh)
    const shared = {
      membership: this.#membership,
      mesh: this.#mesh,
      links: this.#links,
      claim: new HostClaim(key.frontDesk, storage),
      oversteps: this.#oversteps,
    }
    this.#roll = new Roll({
      ...shared,
      joined: () => this.#entry.joined,
      onHost: () => {
        this.#host.forgive()
        this.#entry.seekDesk()
      },
      onHandedOver: () => this.#entry.releaseDesk(),
      onUnreachable: (peer, sentence) => {
        if (this.#troubles.cannotReach(peer, sentence)) this.#changed()
      },
      onDropped: (reason) => this.#rejoin(reason),
      onDismissed: () => this.#goAway(),
      onLost: (member, reason) => this.#tellLoss(member, reason),
      onChange: () => this.#changed(),
    })
    this.#host = new HostRole({ ...shared, roll: this.#roll })
    this.#entry = new Entry({
      signalling,
      roomKey: key,
      own: this.#own,
      membership: this.#membership,
      name: () => this.#name,
      onHost: () => this.#roll.publish(),
      onWelcome: (list) => this.#roll.enter(list),
      onDismissed: () => this.#goAway(),
      onGiveWay: (reason) => this.#rejoin(reason),
      admit: (join) => this.#host.admit(join),
      onTrouble: (sentence) => this.#trouble('desk', sentence),
    })
    this.#state = this.#snapshot()
    this.#entry.seekDesk()
    signal?.addEventListener('abort', () => this.leave(), { once: true })
    if (signal?.aborted) this.leave()
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
    return this.#mesh.open.map(roomLink)
  }

  /** The open links, each with what the browser itself has counted on its channel. */
  measuredLinks(): Promise<MeasuredLink[]> {
    return Promise.all(
      this.#mesh.open.map(async (session) => {
        const measured = await session.measure()
        return { ...roomLink(session), measured }
      }),
    )
  }

  /** Control messages that were dropped, by why. */
  drops(): Drops {
    return this.#mesh.drops
  }

  /** Only the host may; throws RoomError otherwise. */
  setLocked(locked: boolean): void {
    this.#host.setLocked(locked)
  }

  /**
   * Sends a member away for good: everybody sees its loss, and its page is not let in again. Only the host may; throws RoomError otherwise,
   * and for a page that is no other member.
   */
  dismiss(id: PeerId): void {
    this.#host.dismiss(id)
  }

  /**
   * Makes another member host; this page is then one of the others, and only the new host can give the role back. Only the host may; throws
   * RoomError otherwise, and for a page that is no other member or not linked yet.
   */
  handOver(id: PeerId): void {
    this.#host.handOver(id)
  }

  /** Asks the host to list this page under another name; empty: "Tab n". */
  rename(name: string): void {
    this.#name = tidy(name)
    if (this.#entry.phase === 'joining') this.#changed()
    else if (this.#membership.amHost) this.#host.rename(this.selfId, this.#name)
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
    if (this.#entry.phase === 'left') return
    const nowMs = performance.now()
    const { stalled, keepAlive } = this.#pulse.beat(nowMs)
    if (keepAlive) {
      this.#own.keepAlive()
      this.#entry.keepAlive()
      this.#roll.ask()
    }
    if (stalled) {
      this.#roll.forgive(nowMs)
      this.#links.forgive()
      this.#host.forgive()
    }
    this.#mesh.tick(nowMs, stalled)
    this.#links.dropStrangers(nowMs)
    this.#roll.watchHost(nowMs)
    if (this.#roll.isHost) this.#host.look(nowMs)
  }

  /** Says goodbye, so that the others need not wait for silence. The room cannot be used afterwards. */
  leave(): void {
    if (this.#entry.phase === 'left') return
    this.#mesh.broadcast({ type: 'bye' })
    this.#entry.leave()
    this.#mesh.closeAll()
    this.#own.close()
    this.#changed()
  }

  // --- losing the room ---

  /** This page for another stay. */
  #newcomer(): ListMember {
    return { id: this.selfId, name: this.#name || 'Tab 1', ticket: randomHex(8) }
  }

  /** This page was dropped or cannot reach the host: forget everybody and come again as a newcomer. */
  #rejoin(reason: string): void {
    this.#trouble('removed', reason)
    const others = this.#membership.present.filter((member) => member.id !== this.selfId)
    this.#mesh.closeAll()
    this.#membership.comeAnew(this.#newcomer())
    this.#entry.comeAgain()
    this.#roll.forget()
    this.#links.forget()
    this.#changed()
    for (const member of others) this.#tellLoss(member, 'this tab lost the room')
  }

  /** The host has sent this page away. */
  #goAway(): void {
    this.#dismissed = true
    this.#troubles.clear()
    this.#troubles.set('dismissed', 'The host has removed this tab from the room.')
    this.#membership.comeAnew(this.#newcomer())
    this.leave()
  }

  #tellLoss(member: ListMember, reason: string): void {
    this.#lossHandlers.forEach((handler) => handler(member.id, `${member.name} is gone: ${reason}.`))
  }

  // --- channels ---

  #onUp(session: Session): void {
    if (this.#hidden) session.send({ type: 'hidden', hidden: true })
    this.#roll.onUp(session)
    this.#changed()
  }

  #onDown(peer: PeerId, ticket: string | null, reason: string): void {
    this.#hiddenPeers.delete(peer)
    this.#roll.onDown(peer, ticket, reason)
  }

  #onMessage(session: Session, message: RoomMessage): void {
    const from = session.peer
    const fromHost = from === this.#membership.host.id
    switch (message.type) {
      case 'app':
        this.#controlHandlers.forEach((handler) => handler(from, message.body))
        break
      case 'list':
        this.#roll.receive(session, message.list)
        break
      case 'have':
        this.#roll.answer(session, message.number)
        break
      case 'lost':
        if (this.#roll.isHost) this.#host.onLostReport(session, message.ticket)
        break
      case 'rename':
        if (this.#roll.isHost) this.#host.rename(from, message.name)
        break
      case 'claim':
        if (this.#roll.isHost) this.#host.onClaim(session, message.secret)
        break
      case 'removed':
        if (fromHost) this.#rejoin(message.reason)
        else this.#oversteps.tell(session, this.#membership.byId(from), 'remove this tab from the room')
        break
      case 'merge':
        if (fromHost) this.#entry.merge()
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

  #onSignalling(state: SignallingState): void {
    if (this.#entry.phase === 'left') return
    this.#signalling = state === 'connected' ? 'connected' : 'lost'
    const lost = 'The signalling server is out of reach. Open links stay, but nobody new can join until it is back; trying again.'
    this.#troubles.set('signalling', state === 'connected' ? null : lost)
    this.#changed()
  }

  // --- the snapshot ---

  #trouble(about: string, sentence: string | null): void {
    if (this.#troubles.set(about, sentence)) this.#changed()
  }

  #changed(): void {
    this.#troubles.reached((peer) => !this.#membership.byId(peer) || this.#mesh.get(peer)?.isOpen === true)
    this.#roll.claimBack()
    if (this.#entry.joined && this.#links.reachesAll) {
      this.#troubles.set('removed', null)
      this.#entry.arrived()
    }
    this.#state = this.#snapshot()
    this.#stateListeners.forEach((listener) => listener(this.#state))
  }

  #snapshot(): RoomState {
    return roomState({
      membership: this.#membership,
      links: this.#links,
      phase: this.#entry.phase,
      dismissed: this.#dismissed,
      name: this.#name,
      hidden: this.#hidden,
      hiddenPeers: this.#hiddenPeers,
      signalling: this.#signalling,
      errors: this.#troubles.sentences,
    })
  }
}

const tidy = (name: string) => name.trim().slice(0, MAX_NAME_LENGTH)
