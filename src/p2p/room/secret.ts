import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, randomBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { PeerId } from '../types.ts'

// Not WebCrypto: it is missing on plain http, where a lab on a local network may well be opened, and it is asynchronous.

/** What a room's name and secret become. Only `frontDesk` is ever shown to the signalling server. */
export interface RoomKey {
  /** the well-known id under which the room's host is found */
  frontDesk: PeerId
  /** proves membership; never leaves the page */
  key: Uint8Array
}

export function roomKey(room: string, secret: string): RoomKey {
  const digest = (purpose: string) => sha256(utf8ToBytes(JSON.stringify(['tabswarm', purpose, room, secret])))
  return { frontDesk: `tabswarm-desk-${bytesToHex(digest('front desk')).slice(0, 32)}`, key: digest('key') }
}

/** Hex of `bytes` random bytes. */
export const randomHex = (bytes: number): string => bytesToHex(randomBytes(bytes))

/** What a prover states: who it is, whom it talks to, its incarnation in the room, and both nonces. */
export interface Statement {
  prover: PeerId
  verifier: PeerId
  ticket: string
  proverNonce: string
  verifierNonce: string
}

/** HMAC-SHA256 of the statement in hex. Prover and verifier differ, so no proof can be reflected to its maker. */
export function proofOf(key: Uint8Array, s: Statement): string {
  const text = JSON.stringify(['tabswarm hello 1', s.prover, s.verifier, s.ticket, s.proverNonce, s.verifierNonce])
  return bytesToHex(hmac(sha256, key, utf8ToBytes(text)))
}
