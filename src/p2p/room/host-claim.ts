import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { randomHex } from './secret.ts'

const SECRET_BYTES = 16

/** Where a tab keeps its secret: as `sessionStorage`, which outlives a reload, and which no other tab can read. */
export type ClaimStorage = Pick<Storage, 'getItem' | 'setItem'>

/**
 * By what a tab that was host gets the role back after a reload: the list of members carries the hash of a secret that only this tab
 * has. Telling the secret proves it, and spends it: the next hash is that of a new one.
 */
export class HostClaim {
  readonly #storage: ClaimStorage | undefined
  readonly #key: string
  #secret: string | null
  #spent = false
  /** the host that has been told the secret, by ticket */
  #toldTo: string | null = null

  /** Without a storage the secret lives as long as the page. */
  constructor(room: string, storage?: ClaimStorage) {
    this.#storage = storage
    this.#key = `tabswarm-host ${room}`
    this.#secret = storage?.getItem(this.#key) ?? null
  }

  /** The hash for the list of members. */
  stake(): string {
    if (this.#secret === null || this.#spent) {
      this.#secret = randomHex(SECRET_BYTES)
      this.#spent = false
      this.#storage?.setItem(this.#key, this.#secret)
    }
    return claimOf(this.#secret)
  }

  isOwn(claim: string | null): boolean {
    return this.#secret !== null && claimOf(this.#secret) === claim
  }

  /** The secret, to be told to the host with this ticket, once, if it is what the list's claim asks for; otherwise null. */
  proofFor(host: string, claim: string | null): string | null {
    if (this.#toldTo === host || !this.isOwn(claim)) return null
    this.#toldTo = host
    this.#spent = true
    return this.#secret
  }
}

/** SHA-256 of a secret in hex. */
export const claimOf = (secret: string): string => bytesToHex(sha256(utf8ToBytes(secret)))
