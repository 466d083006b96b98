import { framingBytes } from './chunks.ts'
import { encodeFrame, type Frame, type FrameArray } from './frame.ts'
import { countByKind, countFrame } from './frame-count.ts'
import { addBytes, addPayload, zeroBytes, zeroPayload } from './ledger.ts'
import type { PeerId, Transport } from './types.ts'

/** Encodes a worker's frames, hands them to the transport and counts them as the links do. */
export class Outbox {
  readonly sent = zeroBytes()
  readonly sentByKind = zeroPayload()
  /** milliseconds in which frames were handed to the transport */
  sendMs = 0

  constructor(
    private readonly transport: Transport,
    private readonly chunkBytes?: number,
  ) {}

  /** One frame to all of these, encoded once. */
  send(to: readonly PeerId[], frame: Frame): void {
    if (to.length === 0) return
    const message = encodeFrame(frame)
    const count = countFrame(message, framingBytes(message.byteLength, this.chunkBytes))
    const byKind = countByKind(message)
    for (let i = 0; i < to.length; i++) {
      addBytes(this.sent, count)
      addPayload(this.sentByKind, byKind)
    }
    const start = performance.now()
    this.handOver(to, message)
    this.sendMs += performance.now() - start
  }

  private handOver(to: readonly PeerId[], message: ArrayBuffer): void {
    if (this.transport.sendToAll) {
      this.transport.sendToAll(to, message)
      return
    }
    // Sending gives the buffer away: everybody but the last gets a copy.
    to.forEach((peer, i) => {
      this.transport.send(peer, i < to.length - 1 ? message.slice(0) : message)
    })
  }

  /**
   * A frame for each rank; those with the very same arrays share one. Begins with the next rank and goes round, so that in an exchange of
   * all with all nobody is everybody's first.
   */
  sendEach(
    members: readonly PeerId[],
    rank: number,
    arrays: ReadonlyMap<number, FrameArray[]>,
    frameOf: (arrays: FrameArray[]) => Frame,
  ): void {
    const size = members.length
    const ranks = [...arrays.keys()].sort((a, b) => ((a - rank + size) % size) - ((b - rank + size) % size))
    for (const own of new Set(arrays.values())) {
      const to = ranks.filter((j) => arrays.get(j) === own).map((j) => members[j])
      this.send(to, frameOf(own))
    }
  }
}
