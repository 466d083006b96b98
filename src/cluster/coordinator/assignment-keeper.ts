import type { PeerId } from '../../p2p/index.ts'
import { type Assignment, asTheyCame } from './assignment.ts'
import type { ClusterMessage } from './messages.ts'
import { type RoomPort, RunRefused } from './types.ts'

/**
 * Who takes which rank in the next run, as this page knows it. Only the host assigns; a new host keeps what the one before has said, and
 * says it again.
 */
export class AssignmentKeeper {
  readonly #room: Pick<RoomPort, 'selfId' | 'getState' | 'sendControl' | 'broadcast'>
  #assignment: Assignment = asTheyCame
  #hostId: PeerId | null = null

  constructor(room: Pick<RoomPort, 'selfId' | 'getState' | 'sendControl' | 'broadcast'>) {
    this.#room = room
  }

  get assignment(): Assignment {
    return this.#assignment
  }

  /** Says it to everybody. Throws RunRefused on a page that is not the host. */
  assign(assignment: Assignment): void {
    if (!this.#isHost) throw new RunRefused('Only the host of the room assigns the workers of the next run: ask it to.')
    this.#assignment = assignment
    this.#room.broadcast(this.#message)
  }

  /** False when it is not for the sender to say. */
  receive(from: PeerId, assignment: Assignment): boolean {
    if (from !== this.#room.getState().hostId) return false
    this.#assignment = assignment
    return true
  }

  /** The host's word to one page; others have none. */
  tell(to: PeerId): void {
    if (this.#isHost) this.#room.sendControl(to, this.#message)
  }

  /** To be called when the room has changed: a new host says what it has taken over. Who learns later than that who is host asks for it. */
  followHost(): void {
    const before = this.#hostId
    const { hostId, selfId } = this.#room.getState()
    this.#hostId = hostId
    if (hostId === null || before === null || hostId === before) return
    if (hostId === selfId) this.#room.broadcast(this.#message)
    else this.#room.sendControl(hostId, { type: 'run/sync' } satisfies ClusterMessage)
  }

  get #isHost(): boolean {
    return this.#room.getState().hostId === this.#room.selfId
  }

  get #message(): ClusterMessage {
    return { type: 'run/assignment', assignment: this.#assignment }
  }
}
