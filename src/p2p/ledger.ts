import type { PayloadByKind } from '../engine/index.ts'
import type { PeerId } from './types.ts'

export type { PayloadByKind }

/** Bytes by what they are for. */
export interface ByteCount {
  /** encoded vector values of training rounds, with their positions where they have any */
  payload: number
  /** headers, checksums and chunk headers around payload */
  framing: number
  /** membership, metrics, heartbeats, and everything exchanged only to evaluate */
  control: number
}

/** What crossed one link, each way. */
export interface LinkCounts {
  sent: ByteCount
  received: ByteCount
  sentByKind: PayloadByKind
  receivedByKind: PayloadByKind
}

export function zeroBytes(): ByteCount {
  return { payload: 0, framing: 0, control: 0 }
}

export function zeroPayload(): PayloadByKind {
  return { model: 0, momentum: 0, tracker: 0, gradient: 0, residual: 0, state: 0 }
}

export function zeroLinkCounts(): LinkCounts {
  return { sent: zeroBytes(), received: zeroBytes(), sentByKind: zeroPayload(), receivedByKind: zeroPayload() }
}

/** Adds `more` to `total` in place and returns it. */
export function addBytes(total: ByteCount, more: ByteCount): ByteCount {
  total.payload += more.payload
  total.framing += more.framing
  total.control += more.control
  return total
}

/** Adds `more` to `total` in place and returns it. */
export function addPayload(total: PayloadByKind, more: PayloadByKind): PayloadByKind {
  total.model += more.model
  total.momentum += more.momentum
  total.tracker += more.tracker
  total.gradient += more.gradient
  total.residual += more.residual
  total.state += more.state
  return total
}

/** Everything that crossed the channel, whatever it was for. */
export function totalBytes({ payload, framing, control }: ByteCount): number {
  return payload + framing + control
}

/** One peer's book: what it sent to and received from every other, by link; a link that is gone stays in it. */
export class Ledger {
  private readonly links = new Map<PeerId, LinkCounts>()

  /** The live counts of one link; begins them at zero. */
  link(peer: PeerId): LinkCounts {
    let counts = this.links.get(peer)
    if (!counts) {
      counts = zeroLinkCounts()
      this.links.set(peer, counts)
    }
    return counts
  }

  peers(): PeerId[] {
    return [...this.links.keys()]
  }

  sent(): ByteCount {
    return [...this.links.values()].reduce((sum, link) => addBytes(sum, link.sent), zeroBytes())
  }

  received(): ByteCount {
    return [...this.links.values()].reduce((sum, link) => addBytes(sum, link.received), zeroBytes())
  }

  sentByKind(): PayloadByKind {
    return [...this.links.values()].reduce((sum, link) => addPayload(sum, link.sentByKind), zeroPayload())
  }
}
