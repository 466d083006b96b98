import type { PeerId, RoomState } from '../../p2p/index.ts'
import type { RoomPort } from './types.ts'

/** Rooms in one process, for tests: messages are JSON, kept in order on each channel, and delivered when told to. */
export class FakeRooms {
  readonly rooms = new Map<PeerId, FakeRoom>()
  #channels = new Map<string, string[]>()
  locked = false
  /** the page that has been made host; otherwise it is the first */
  hostId: PeerId | null = null

  join(id: PeerId, name = `Tab ${this.rooms.size + 1}`): FakeRoom {
    const room = new FakeRoom(this, id, name)
    this.rooms.set(id, room)
    for (const other of this.rooms.values()) other.changed()
    return room
  }

  /** The page is gone; what it sent before still arrives unless `silently`. The others learn of it one by one. */
  leave(id: PeerId, options: { toldTo?: PeerId[]; silently?: boolean } = {}): void {
    const room = this.rooms.get(id) as FakeRoom
    if (options.silently) for (const key of this.#channels.keys()) if (key.startsWith(`${id} `)) this.#channels.delete(key)
    this.deliver()
    this.rooms.delete(id)
    room.gone = true
    for (const other of options.toldTo ?? this.rooms.keys()) this.tellLoss(other, id, room.name)
  }

  tellLoss(to: PeerId, id: PeerId, name: string): void {
    const other = this.rooms.get(to)
    other?.changed()
    other?.lossHandlers.forEach((handler) => handler(id, `${name} is gone: it left the room.`))
  }

  put(from: PeerId, to: PeerId, body: unknown): void {
    if (from === to) return
    const key = `${from} ${to}`
    this.#channels.set(key, [...(this.#channels.get(key) ?? []), JSON.stringify(body)])
  }

  /** Delivers until nothing is on its way; `pick` chooses which channel goes next. */
  deliver(pick: (channels: number) => number = () => 0): void {
    for (;;) {
      const keys = [...this.#channels.keys()].filter((key) => (this.#channels.get(key) as string[]).length > 0)
      if (keys.length === 0) return
      this.deliverOne(keys[pick(keys.length) % keys.length])
    }
  }

  deliverOne(key: string): void {
    const [from, to] = key.split(' ')
    const body = this.#channels.get(key)?.shift()
    const room = this.rooms.get(to)
    if (body !== undefined) room?.controlHandlers.forEach((handler) => handler(from, JSON.parse(body)))
  }

  /** Drops what is on its way from one page to another. */
  drop(from: PeerId, to: PeerId): void {
    this.#channels.delete(`${from} ${to}`)
  }
}

export class FakeRoom implements RoomPort {
  gone = false
  /** this page has been sent away, and knows it */
  left = false
  controlHandlers = new Set<(from: PeerId, body: unknown) => void>()
  lossHandlers = new Set<(id: PeerId, reason: string) => void>()
  #listeners = new Set<(state: RoomState) => void>()
  #state: RoomState | null = null
  /** peers to whom no channel is open yet */
  connecting = new Set<PeerId>()

  constructor(
    readonly rooms: FakeRooms,
    readonly selfId: PeerId,
    readonly name: string,
  ) {}

  changed(): void {
    this.#state = null
    for (const listener of this.#listeners) listener(this.getState())
  }

  getState = (): RoomState => {
    this.#state ??= {
      phase: this.left ? 'left' : 'joined',
      dismissed: this.left,
      selfId: this.selfId,
      members: [...this.rooms.rooms.values()].map(({ selfId: id, name }, rank) => ({
        id,
        name,
        rank,
        self: id === this.selfId,
        host: id === this.#hostId,
        link: this.connecting.has(id) ? ('connecting' as const) : ('open' as const),
        hidden: false,
      })),
      hostId: this.left ? null : this.#hostId,
      memberListNumber: 1,
      locked: this.rooms.locked,
      signalling: 'connected',
      errors: [],
    }
    return this.#state
  }

  get #hostId(): PeerId | null {
    const { hostId, rooms } = this.rooms
    return hostId !== null && rooms.has(hostId) ? hostId : ([...rooms.keys()][0] ?? null)
  }

  subscribe = (listener: (state: RoomState) => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  sendControl(to: PeerId, body: unknown): void {
    if (!this.gone) this.rooms.put(this.selfId, to, body)
  }

  broadcast(body: unknown): void {
    for (const to of this.rooms.rooms.keys()) this.sendControl(to, body)
  }

  onControl(handler: (from: PeerId, body: unknown) => void): () => void {
    this.controlHandlers.add(handler)
    return () => this.controlHandlers.delete(handler)
  }

  onMemberLost(handler: (id: PeerId, reason: string) => void): () => void {
    this.lossHandlers.add(handler)
    return () => this.lossHandlers.delete(handler)
  }
}
