import type { PeerId, Transport } from '../../p2p/index.ts'
import type { Trouble } from './trouble.ts'

/** After so long a lost message is sent again: what the transport under WebRTC's data channels waits at the least. */
const RETRANSMISSION_TIMEOUT_MS = 1_000

/**
 * The transport, over bad links: some messages are lost, and again, until they come through. As in a data channel, those after a lost one wait
 * for it, so that order is kept and nothing is missing; only time is.
 */
export function lossyTransport(transport: Transport, trouble: () => Trouble, random: () => number = Math.random): Transport {
  /** when the last message on a link gets away, where that is not at once */
  const lastOf = new Map<PeerId, Promise<void>>()
  return {
    onMessage: (handler) => transport.onMessage(handler),
    waited: (messages) => transport.waited?.(messages),
    send(to, message) {
      const { lossRate } = trouble()
      let losses = 0
      while (lossRate > 0 && random() < lossRate) losses++
      const before = lastOf.get(to)
      if (!before && losses === 0) return transport.send(to, message)
      const delivered = Promise.all([before, sleep(losses * RETRANSMISSION_TIMEOUT_MS)]).then(() => {
        transport.send(to, message)
        if (lastOf.get(to) === delivered) lastOf.delete(to)
      })
      lastOf.set(to, delivered)
    },
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
