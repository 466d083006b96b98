import { framingBytes } from './chunks.ts'
import { countByKind, countFrame } from './frame-count.ts'
import { addBytes, addPayload, Ledger } from './ledger.ts'
import { type Arrival, type LinkModel, type SimulatedClock, SimulatedPeer } from './simulated-time.ts'
import type { PeerId, Transport } from './types.ts'

export interface MemoryNetworkOptions {
  /** What the links would cost in time, on the simulated clocks; default nothing. Delivery itself never waits. */
  links?: LinkModel | ((from: PeerId, to: PeerId) => LinkModel)
  /** of the losses; default 0 */
  seed?: number
  /** Ways to peers in networks of other threads, by peer: a channel between each two threads, a port at each end. Default none. */
  ports?: ReadonlyMap<PeerId, MessagePort>
  /** length of the links' chunks, for the byte count */
  chunkBytes?: number
  /** Runs one delivery some time later, instead of a microtask later; the order between two peers is kept whatever it does. */
  schedule?(deliver: () => void, from: PeerId, to: PeerId): void
}

export interface MemoryNetwork {
  /** One peer's end. Throws for a peer that was not named at creation. */
  transport(peer: PeerId): Transport
  /** What crossed a peer's links, counted as real links count it. */
  ledger(peer: PeerId): Ledger
  /** How long it would have taken over the links described (simulated-time.ts). */
  clock(peer: PeerId): SimulatedClock
  /** The peer vanishes: what is under way to it or from it is lost, and so is everything later. */
  disconnect(peer: PeerId): void
}

interface Node {
  handler: ((from: PeerId, message: ArrayBuffer) => void) | null
  ledger: Ledger
  time: SimulatedPeer
  /** of the messages delivered to this peer */
  arrivals: WeakMap<ArrayBuffer, Arrival>
}

interface Delivery {
  message: ArrayBuffer
  arrival: Arrival
}

/** What goes through a port: one message to one or more peers of the other thread. */
interface Parcel {
  from: PeerId
  to: { peer: PeerId; arrival: Arrival }[]
  message: ArrayBuffer
}

/**
 * Peers in one process, everyone linked to everyone. Like a real link it takes the buffer away from the sender, delivers later, and keeps
 * the order between two peers. What goes to several peers at once is one buffer for all of them, and one for all in another thread.
 * Each end of a link counts it, and keeps its time: a message brings its arrival along.
 */
export function createMemoryNetwork(peers: readonly PeerId[], options: MemoryNetworkOptions = {}): MemoryNetwork {
  const { links = {}, seed = 0, schedule = queueMicrotask, ports = new Map() } = options
  const modelOf = typeof links === 'function' ? links : () => links
  const nodes = new Map<PeerId, Node>(
    peers.map((peer) => [
      peer,
      { handler: null, ledger: new Ledger(), time: new SimulatedPeer(peer, modelOf, seed), arrivals: new WeakMap() },
    ]),
  )
  const gone = new Set<PeerId>()
  const wires = new Map<string, Delivery[]>()

  const node = (peer: PeerId): Node => {
    const found = nodes.get(peer)
    if (!found) throw new RangeError(`no peer ${peer} in this network; it has ${peers.join(', ')}`)
    return found
  }

  const wire = (from: PeerId, to: PeerId): Delivery[] => {
    const key = JSON.stringify([from, to])
    const queue = wires.get(key) ?? []
    wires.set(key, queue)
    return queue
  }

  const count = (peer: PeerId, other: PeerId, way: 'sent' | 'received', message: ArrayBuffer): void => {
    const counts = node(peer).ledger.link(other)
    addBytes(counts[way], countFrame(message, framingBytes(message.byteLength, options.chunkBytes)))
    addPayload(counts[`${way}ByKind`], countByKind(message))
  }

  const deliver = (from: PeerId, to: PeerId): void => {
    const delivery = wire(from, to).shift()
    if (!delivery || gone.has(from) || gone.has(to)) return
    const { message, arrival } = delivery
    count(to, from, 'received', message)
    const { arrivals, handler } = node(to)
    arrivals.set(message, arrival)
    handler?.(from, message)
  }

  const deliverLater = (from: PeerId, to: PeerId, delivery: Delivery): void => {
    wire(from, to).push(delivery)
    schedule(() => deliver(from, to), from, to)
  }

  const sendToAll = (from: PeerId, to: readonly PeerId[], given: ArrayBuffer): void => {
    if (gone.has(from)) return
    const message = structuredClone(given, { transfer: [given] })
    const bytes = message.byteLength + framingBytes(message.byteLength, options.chunkBytes)
    const parcels = new Map<MessagePort, Parcel['to']>()
    let stays = false
    for (const peer of to) {
      const port = ports.get(peer)
      if (gone.has(peer) || !(port || nodes.has(peer))) continue
      count(from, peer, 'sent', message)
      const arrival = node(from).time.send(peer, bytes)
      if (port) {
        const receivers = parcels.get(port) ?? []
        receivers.push({ peer, arrival })
        parcels.set(port, receivers)
      } else {
        stays = true
        deliverLater(from, peer, { message, arrival })
      }
    }
    // A buffer is moved to the other thread: all but the last get a copy.
    let owners = parcels.size + (stays ? 1 : 0)
    for (const [port, receivers] of parcels) {
      const parcel: Parcel = { from, to: receivers, message: owners-- > 1 ? message.slice(0) : message }
      port.postMessage(parcel, [parcel.message])
    }
  }

  for (const port of new Set(ports.values()))
    port.onmessage = ({ data: { from, to, message } }: MessageEvent<Parcel>) => {
      for (const { peer, arrival } of to) deliverLater(from, peer, { message, arrival })
    }

  return {
    transport(peer) {
      const self = node(peer)
      return {
        send: (to, message) => sendToAll(peer, [to], message),
        sendToAll: (to, message) => sendToAll(peer, to, message),
        onMessage(handler) {
          self.handler = handler
        },
        waited(messages) {
          self.time.receive(messages.map((message) => self.arrivals.get(message)).filter((arrival) => arrival !== undefined))
        },
      }
    },
    ledger: (peer) => node(peer).ledger,
    clock: (peer) => node(peer).time,
    disconnect(peer) {
      node(peer)
      gone.add(peer)
    },
  }
}
