import { expect, test } from 'vitest'
import { addBytes, Ledger, totalBytes, zeroBytes } from './ledger.ts'

test('adds in place and by purpose', () => {
  const sum = zeroBytes()
  expect(addBytes(sum, { payload: 1, framing: 2, control: 3 })).toBe(sum)
  addBytes(sum, { payload: 10, framing: 20, control: 30 })
  expect(sum).toEqual({ payload: 11, framing: 22, control: 33 })
  expect(totalBytes(sum)).toBe(66)
})

test('keeps a live book of each link and sums over links', () => {
  const ledger = new Ledger()
  addBytes(ledger.link('a').sent, { payload: 5, framing: 1, control: 0 })
  addBytes(ledger.link('b').sent, { payload: 7, framing: 2, control: 4 })
  addBytes(ledger.link('b').received, { payload: 100, framing: 0, control: 0 })
  expect(ledger.peers()).toEqual(['a', 'b'])
  expect(ledger.link('a')).toEqual({ sent: { payload: 5, framing: 1, control: 0 }, received: zeroBytes() })
  expect(ledger.sent()).toEqual({ payload: 12, framing: 3, control: 4 })
  expect(ledger.received()).toEqual({ payload: 100, framing: 0, control: 0 })
})
