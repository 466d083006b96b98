import { expect, vi } from 'vitest'
import { FakeNetwork, type FakePage } from './fake-signalling.ts'
import type { ClaimStorage } from './host-claim.ts'
import type { RoomMessage } from './messages.ts'
import { Room } from './room.ts'
import { roomKey } from './secret.ts'
import { Session } from './session.ts'
import type { RoomState } from './state.ts'

/** Pages in a room, each with its worker's tick. */
export class World {
  readonly rooms: Room[] = []
  readonly pages: FakePage[] = []
  readonly losses: string[][] = []
  #ticks: ReturnType<typeof setInterval>[] = []

  constructor(
    readonly network = new FakeNetwork(),
    readonly secret = 'secret',
  ) {}

  join(secret = this.secret, name?: string, storage?: ClaimStorage): Room {
    const page = this.network.page()
    const room = new Room({ room: 'lobby', secret, name, signalling: page, storage })
    const losses: string[] = []
    room.onMemberLost((id, reason) => losses.push(`${id} ${reason}`))
    this.rooms.push(room)
    this.pages.push(page)
    this.losses.push(losses)
    this.#ticks.push(setInterval(() => room.tick(), 1_000))
    return room
  }

  /** So many pages come, one after the other; all rooms. `first`: what the first one keeps. */
  async together(count: number, first?: ClaimStorage): Promise<Room[]> {
    for (let i = 0; i < count; i++) {
      this.join(this.secret, undefined, i === 0 ? first : undefined)
      await run(300)
    }
    return this.rooms
  }

  close(index: number): void {
    clearInterval(this.#ticks[index])
    this.pages[index].close()
  }

  /** Somebody who knows the secret says what it likes to one page, and reads nothing. */
  async forge(to: Room, message: RoomMessage): Promise<void> {
    const { key } = roomKey('lobby', this.secret)
    const own = this.network.page().register('tab-forger', { onState: () => {}, onConnection: () => {} })
    await run(10)
    const session: Session = new Session(own.dial(to.selfId), {
      self: own.id,
      key,
      ticket: '0123456789abcdef',
      outgoing: true,
      handlers: { onOpen: () => session.send(message), onMessage: () => {}, onFrame: () => {}, onEnd: () => {} },
    })
    await run(100)
    session.close()
    own.close()
    await run(100)
  }

  vanish(index: number): void {
    clearInterval(this.#ticks[index])
    this.pages[index].vanish()
  }

  appear(index: number): void {
    this.pages[index].appear()
    this.wake(index)
  }

  sleep(index: number): void {
    clearInterval(this.#ticks[index])
  }

  wake(index: number): void {
    this.rooms[index].tick()
    this.#ticks[index] = setInterval(() => this.rooms[index].tick(), 1_000)
  }

  end(): void {
    for (const tick of this.#ticks) clearInterval(tick)
    for (const room of this.rooms) room.leave()
  }
}

export const run = (ms: number) => vi.advanceTimersByTimeAsync(ms)
export const ids = (state: RoomState) => state.members.map((member) => member.id)

/** Everybody agrees on the members, in the order in which they came, and on their host (else the first of them), and has an open link to each. */
export function expectTogether(rooms: Room[], host?: Room): void {
  const lists = rooms.map((room) => ids(room.getState()))
  for (const list of lists) expect(list).toEqual(lists[0])
  expect([...lists[0]].sort()).toEqual(rooms.map((room) => room.selfId).sort())
  for (const room of rooms) {
    const state = room.getState()
    expect(state.phase).toBe('joined')
    expect(state.hostId).toBe(host?.selfId ?? lists[0][0])
    expect(state.members.every((member) => member.link === 'open')).toBe(true)
    expect(room.links()).toHaveLength(rooms.length - 1)
    expect(state.errors).toEqual([])
    expect(state.memberListNumber).toBe(rooms[0].getState().memberListNumber)
  }
}
