import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { OrderKeeper } from './order-keeper.ts'

const member = (name: string) => ({ id: `tab-${name}`, name, ticket: `ticket-${name}` })
const [host, ada, eve] = ['host', 'Ada', 'Eve'].map(member)

let present: (typeof host)[]
let reached: Set<string>
let removed: string[]
let keeper: OrderKeeper

beforeEach(() => {
  vi.useFakeTimers()
  present = [host, ada, eve]
  reached = new Set(['host', 'Ada', 'Eve'])
  removed = []
  keeper = new OrderKeeper({
    present: () => present,
    reaches: ({ name }) => reached.has(name),
    remove(member, reason) {
      removed.push(`${member.name}: ${reason}`)
      present = present.filter((other) => other !== member)
    },
  })
})
afterEach(() => {
  vi.useRealTimers()
})

function look(afterMs: number): void {
  vi.advanceTimersByTime(afterMs)
  keeper.look(performance.now())
}

it('removes the later one of two that cannot reach each other, once, when both are still there after a while', () => {
  keeper.quarrel(ada.ticket, eve.ticket)
  keeper.quarrel(eve.ticket, ada.ticket)
  look(2_900)
  expect(removed).toEqual([])
  look(200)
  expect(removed).toEqual(['Eve: Ada and Eve cannot reach each other'])
})

it('lets be who reports a tab that is gone soon after', () => {
  keeper.quarrel(ada.ticket, eve.ticket)
  present = [host, ada]
  look(4_000)
  expect(removed).toEqual([])
})

it('removes a newcomer that opens no channel in time, but not after this page has slept', () => {
  reached.delete('Eve')
  keeper.admitted(eve.ticket)
  look(14_000)
  keeper.forgive()
  look(2_000)
  expect(removed).toEqual([])
  look(15_000)
  expect(removed).toEqual(['Eve: it opened no channel to the host within 15 s'])
})

it('begins to wait anew when a channel was there in between', () => {
  keeper.admitted(eve.ticket)
  look(14_000)
  reached.delete('Eve')
  look(1_000)
  look(14_000)
  expect(removed).toEqual([])
})
