import type { ListMember } from './messages.ts'

/** How long a newcomer may take to open a channel to the host. */
const ADMISSION_LIMIT_MS = 15_000
/** How long the host looks whether two members that lost each other are both alive. */
const QUARREL_MS = 3_000

interface Surroundings {
  /** in order of admission, this page included */
  present(): ListMember[]
  /** this page has a channel to it, or is it */
  reaches(member: ListMember): boolean
  remove(member: ListMember, reason: string): void
}

/** The host's watch over its room: everybody must reach everybody. The later one of two that do not goes, and may come again. */
export class OrderKeeper {
  readonly #around: Surroundings
  /** when those came in, by ticket, to whom there is no channel yet */
  #admittedAtMs = new Map<string, number>()
  #quarrels: { reporter: string; about: string; atMs: number }[] = []

  constructor(around: Surroundings) {
    this.#around = around
  }

  /** A member has come in. */
  admitted(ticket: string): void {
    this.#admittedAtMs.set(ticket, performance.now())
  }

  /** A member says that its channel to another one has ended. Both by ticket. */
  quarrel(reporter: string, about: string): void {
    this.#quarrels.push({ reporter, about, atMs: performance.now() })
  }

  /** This page has slept: what it waited for may long be there. */
  forgive(): void {
    this.#admittedAtMs.clear()
    this.#quarrels = []
  }

  /** To be called every second while this page is host. */
  look(nowMs: number): void {
    this.#settleQuarrels(nowMs)
    this.#endAdmissions(nowMs)
  }

  #settleQuarrels(nowMs: number): void {
    const { present, remove } = this.#around
    for (const { reporter, about } of this.#quarrels.filter(({ atMs }) => nowMs - atMs >= QUARREL_MS)) {
      const pair = present().filter(({ ticket }) => ticket === reporter || ticket === about)
      if (pair.length === 2) remove(pair[1], `${pair[0].name} and ${pair[1].name} cannot reach each other`)
    }
    this.#quarrels = this.#quarrels.filter(({ atMs }) => nowMs - atMs < QUARREL_MS)
  }

  #endAdmissions(nowMs: number): void {
    const { present, reaches, remove } = this.#around
    for (const member of present()) {
      if (reaches(member)) this.#admittedAtMs.delete(member.ticket)
      else if (!this.#admittedAtMs.has(member.ticket)) this.#admittedAtMs.set(member.ticket, nowMs)
    }
    for (const [ticket, atMs] of this.#admittedAtMs) {
      if (nowMs - atMs < ADMISSION_LIMIT_MS) continue
      this.#admittedAtMs.delete(ticket)
      const member = present().find((candidate) => candidate.ticket === ticket)
      if (member) remove(member, `it opened no channel to the host within ${ADMISSION_LIMIT_MS / 1000} s`)
    }
  }
}
