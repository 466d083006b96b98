import { z } from 'zod'
import type { PeerId, Room } from '../../p2p/index.ts'

const STORAGE_KEY = 'tabswarm-name'
const MAX_LENGTH = 30

/** What tabs tell each other about their names beyond the one they came with. */
const renamed = z.strictObject({ type: z.literal('page/name'), name: z.string().trim().min(1).max(MAX_LENGTH) })

/** The name that this tab was given by its user; empty for an automatic one. It lives as long as the tab. */
export const storedName = (): string => sessionStorage.getItem(STORAGE_KEY) ?? ''

/** Names that users have given to their tabs since they came in. */
export class Names {
  readonly #given = new Map<PeerId, string>()
  readonly #greeted = new Set<PeerId>()

  constructor(
    private readonly room: Room,
    private readonly onChange: () => void,
  ) {
    room.onControl((from, body) => {
      const message = renamed.safeParse(body)
      if (message.success) this.#set(from, message.data.name)
    })
    room.onMemberLost((id) => {
      this.#given.delete(id)
      this.#greeted.delete(id)
    })
    room.subscribe(() => this.#greet())
  }

  /** The name to show for a member. */
  of({ id, name }: { id: PeerId; name: string }): string {
    return this.#given.get(id) ?? name
  }

  /** Renames this tab, for everybody. */
  rename(text: string): void {
    const name = text.trim().slice(0, MAX_LENGTH)
    if (name === '') return
    sessionStorage.setItem(STORAGE_KEY, name)
    this.#set(this.room.selfId, name)
    this.room.broadcast({ type: 'page/name', name })
  }

  #set(id: PeerId, name: string): void {
    this.#given.set(id, name)
    this.onChange()
  }

  /** Newcomers have only heard the name that this tab came with. */
  #greet(): void {
    const name = this.#given.get(this.room.selfId)
    for (const { id, self, link } of this.room.getState().members) {
      if (self || link !== 'open' || this.#greeted.has(id)) continue
      this.#greeted.add(id)
      if (name) this.room.sendControl(id, { type: 'page/name', name })
    }
  }
}
