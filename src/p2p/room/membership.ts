import type { PeerId } from '../types.ts'
import { type ListMember, MAX_DISMISSED, MAX_MEMBERS, type MemberList } from './messages.ts'

export const MAX_NAME_LENGTH = 40

/**
 * Who is in the room, as one page sees it: the last list of its host without those whose channel has ended here. Members stand in
 * order of admission: when the host of the list goes, the first one present follows, and everybody agrees on that. Pure: no network, no time.
 */
export class Membership {
  #self: ListMember
  #list: MemberList
  #lost = new Set<string>()

  /** Founds a room with one member. */
  constructor(self: ListMember) {
    this.#self = self
    this.#list = listOf(self, 0)
  }

  get self(): ListMember {
    return this.#self
  }

  /** Founds another room with this page alone, under this name; the list's numbers go on. */
  found(name: string): void {
    this.#self = { ...this.#self, name }
    this.#list = listOf(this.#self, this.#list.number)
    this.#lost.clear()
  }

  /** Leaves everybody behind, for another stay of this page. */
  comeAnew(self: ListMember): void {
    this.#self = self
    this.#list = listOf(self, 0)
    this.#lost.clear()
  }

  get number(): number {
    return this.#list.number
  }

  get locked(): boolean {
    return this.#list.locked
  }

  /** in rank order */
  get present(): ListMember[] {
    return this.#list.members.filter((member) => !this.#lost.has(member.ticket))
  }

  get host(): ListMember {
    return this.byTicket(this.#list.host) ?? this.present[0]
  }

  get amHost(): boolean {
    return this.host.ticket === this.#self.ticket
  }

  /** tickets of those who are on the list, and whose channel has ended here */
  get lost(): string[] {
    return [...this.#lost]
  }

  byTicket(ticket: string): ListMember | undefined {
    return this.present.find((member) => member.ticket === ticket)
  }

  byId(id: PeerId): ListMember | undefined {
    return this.present.find((member) => member.id === id)
  }

  /** The members before me: the newcomer dials, so I dial these. */
  get earlier(): ListMember[] {
    const present = this.present
    return present.slice(
      0,
      present.findIndex((member) => member.ticket === this.#self.ticket),
    )
  }

  isDismissed(id: PeerId): boolean {
    return this.#list.dismissed.includes(id)
  }

  /** A list can be taken if it is newer and this page is in it. */
  accepts(list: MemberList): boolean {
    return list.number > this.#list.number && this.isIn(list)
  }

  isIn(list: MemberList): boolean {
    return list.members.some((member) => member.ticket === this.#self.ticket && member.id === this.#self.id)
  }

  /** Takes over a list; returns those who are in it no more. */
  replace(list: MemberList): ListMember[] {
    const tickets = new Set(list.members.map((member) => member.ticket))
    const gone = this.present.filter((member) => !tickets.has(member.ticket))
    this.#list = list
    this.#lost = new Set([...this.#lost].filter((ticket) => tickets.has(ticket)))
    return gone
  }

  /** The channel to a member has ended. Returns whether it was present until now. */
  lose(ticket: string): boolean {
    if (ticket === this.#self.ticket || !this.byTicket(ticket)) return false
    this.#lost.add(ticket)
    return true
  }

  // --- the host's part ---

  /** Makes the next numbered list of those present; this page is host in it unless it says otherwise. */
  publish(changes: Partial<Pick<MemberList, 'locked' | 'host' | 'claim'>> = {}): MemberList {
    this.#list = { ...this.list, host: this.#self.ticket, ...changes, number: this.#list.number + 1 }
    this.#lost.clear()
    return this.#list
  }

  /** Adds a newcomer at the end; false when the room is full. An empty name becomes the first free "Tab n". */
  admit(newcomer: ListMember): boolean {
    const present = this.present
    if (present.length >= MAX_MEMBERS) return false
    const name = tidy(newcomer.name) || freeName(present)
    this.#list = { ...this.#list, members: [...present, { ...newcomer, name }] }
    this.#lost.clear()
    return true
  }

  /** Strikes a member off for good: its page is not admitted again. */
  dismiss(id: PeerId): void {
    const members = this.#list.members.filter((member) => member.id !== id)
    const dismissed = [...this.#list.dismissed, id].slice(-MAX_DISMISSED)
    this.#list = { ...this.#list, members, dismissed }
  }

  /** An empty name, as on admission, becomes the first free "Tab n". */
  rename(id: PeerId, name: string): void {
    const others = this.present.filter((member) => member.id !== id)
    const members = this.#list.members.map((member) => (member.id === id ? { ...member, name: tidy(name) || freeName(others) } : member))
    this.#list = { ...this.#list, members }
  }

  get list(): MemberList {
    return { ...this.#list, members: this.present }
  }
}

const listOf = (founder: ListMember, number: number): MemberList => ({
  number,
  locked: false,
  members: [founder],
  host: founder.ticket,
  claim: null,
  dismissed: [],
})

export const hostOf = ({ members, host }: MemberList): ListMember | undefined => members.find(({ ticket }) => ticket === host)

const tidy = (name: string) => name.slice(0, MAX_NAME_LENGTH).trim()

function freeName(present: ListMember[]): string {
  const taken = new Set(present.map((member) => member.name))
  let n = 1
  while (taken.has(`Tab ${n}`)) n++
  return `Tab ${n}`
}
