import { expect, it } from 'vitest'
import { privateRoom } from './private-room.ts'

const storage = () => {
  const kept = new Map<string, string>()
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) }
}

it('gives the lobby of a server that others use too a secret, the same for all tabs of a browser', () => {
  const browser = storage()
  const lobby = { room: 'lobby', secret: '' }
  const made = privateRoom(lobby, false, browser)
  expect(made.secret).toMatch(/^[0-9a-f]{16}$/)
  expect(privateRoom(lobby, false, browser)).toEqual(made)
  expect(privateRoom(lobby, false, storage()).secret).not.toBe(made.secret)
})

it('leaves alone what the address names, and the rooms of the own server', () => {
  for (const place of [
    { room: 'class-7', secret: '' },
    { room: 'lobby', secret: 's' },
  ])
    expect(privateRoom(place, false, storage())).toEqual(place)
  expect(privateRoom({ room: 'lobby', secret: '' }, true, storage()).secret).toBe('')
})
