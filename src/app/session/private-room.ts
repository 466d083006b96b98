import { DEFAULT_ROOM, type UrlState } from '../url-state.ts'

const STORAGE_KEY = 'tabswarm-room-secret'
const SECRET_BYTES = 8

type Place = Pick<UrlState, 'room' | 'secret'>

/**
 * On a PeerServer that serves others as well, everybody's lobby would be the same room. So a lobby without a secret gets one there, which this
 * browser keeps: its tabs meet, and others come by a link. A room that the address names stays as it is.
 */
export function privateRoom({ room, secret }: Place, own: boolean, storage: Pick<Storage, 'getItem' | 'setItem'> = localStorage): Place {
  if (own || room !== DEFAULT_ROOM || secret !== '') return { room, secret }
  const kept = storage.getItem(STORAGE_KEY)
  if (kept) return { room, secret: kept }
  const made = Array.from(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)), (byte) => byte.toString(16).padStart(2, '0')).join('')
  storage.setItem(STORAGE_KEY, made)
  return { room, secret: made }
}
