import { expect, test } from 'vitest'
import { addBytes, addPayload, Ledger, totalBytes, zeroBytes, zeroPayload } from './ledger.ts'

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
  expect(ledger.link('a')).toMatchObject({ sent: { payload: 5, framing: 1, control: 0 }, received: zeroBytes() })
  expect(ledger.sent()).toEqual({ payload: 12, framing: 3, control: 4 })
  expect(ledger.received()).toEqual({ payload: 100, framing: 0, control: 0 })
})

test('keeps payload by kind of vector, and sums it over links', () => {
  const ledger = new Ledger()
  addPayload(ledger.link('a').sentByKind, { ...zeroPayload(), model: 5, tracker: 1 })
  addPayload(ledger.link('b').sentByKind, { ...zeroPayload(), model: 7, momentum: 2, gradient: 3, residual: 4, state: 6 })
  expect(ledger.link('a').sentByKind).toEqual({ ...zeroPayload(), model: 5, tracker: 1 })
  expect(ledger.sentByKind()).toEqual({ model: 12, momentum: 2, tracker: 1, gradient: 3, residual: 4, state: 6 })
})
