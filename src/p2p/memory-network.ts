import { framingBytes } from './chunks.ts'
import { countFrame } from './frame.ts'
import { addBytes, Ledger } from './ledger.ts'
import type { PeerId, Transport } from './types.ts'

export interface MemoryNetworkOptions {
  /** Time from send to delivery; default 0: a microtask later. */
  latencyMs?: number | ((from: PeerId, to: PeerId) => number)
  /** length of the links' chunks, for the byte count */
  chunkBytes?: number
  /** Runs one delivery some time later, instead of the latency; the order between two peers is kept whatever it does. */
  schedule?(deliver: () => void, from: PeerId, to: PeerId): void
}

export interface MemoryNetwork {
  /** One peer's end. Throws for a peer that was not named at creation. */
  transport(peer: PeerId): Transport
  /** What crossed a peer's links, counted as real links count it. */
  ledger(peer: PeerId): Ledger
  /** The peer vanishes: what is under way to it or from it is lost, and so is everything later. */
  disconnect(peer: PeerId): void
}

interface Node {
  handler: ((from: PeerId, message: ArrayBuffer) => void) | null
  ledger: Ledger
}

/** Peers in one process, everyone linked to everyone. Like a real link it takes the buffer away from the sender, delivers later, and keeps the order between two peers. */
export function createMemoryNetwork(peers: readonly PeerId[], options: MemoryNetworkOptions = {}): MemoryNetwork {
  const nodes = new Map<PeerId, Node>(peers.map((peer) => [peer, { handler: null, ledger: new Ledger() }]))
  const gone = new Set<PeerId>()
  const wires = new Map<string, ArrayBuffer[]>()
  const schedule = options.schedule ?? byLatency(options.latencyMs ?? 0)

  const node = (peer: PeerId): Node => {
    const found = nodes.get(peer)
    if (!found) throw new RangeError(`no peer ${peer} in this network; it has ${peers.join(', ')}`)
    return found
  }

  const wire = (from: PeerId, to: PeerId): ArrayBuffer[] => {
    const key = JSON.stringify([from, to])
    const queue = wires.get(key) ?? []
    wires.set(key, queue)
    return queue
  }

  const deliver = (from: PeerId, to: PeerId): void => {
    const message = wire(from, to).shift()
    if (!message || gone.has(from) || gone.has(to)) return
    const { handler, ledger } = node(to)
    addBytes(ledger.link(from).received, countFrame(message, framingBytes(message.byteLength, options.chunkBytes)))
    handler?.(from, message)
  }

  return {
    transport(peer) {
      const self = node(peer)
      return {
        send(to, message) {
          if (gone.has(peer) || gone.has(to) || !nodes.has(to)) return
          addBytes(self.ledger.link(to).sent, countFrame(message, framingBytes(message.byteLength, options.chunkBytes)))
          wire(peer, to).push(structuredClone(message, { transfer: [message] }))
          schedule(() => deliver(peer, to), peer, to)
        },
        onMessage(handler) {
          self.handler = handler
        },
      }
    },
    ledger: (peer) => node(peer).ledger,
    disconnect(peer) {
      node(peer)
      gone.add(peer)
    },
  }
}

function byLatency(latencyMs: number | ((from: PeerId, to: PeerId) => number)) {
  return (deliver: () => void, from: PeerId, to: PeerId): void => {
    const delayMs = typeof latencyMs === 'number' ? latencyMs : latencyMs(from, to)
    if (delayMs > 0) setTimeout(deliver, delayMs)
    else queueMicrotask(deliver)
  }
}
