import type { Frame } from './frame.ts'
import { MAX_MESSAGE_BYTES } from './frame-layout.ts'
import type { PeerId } from './types.ts'

/** Frames of one peer that may wait: the one being gathered and one more of the largest size. */
const MAX_KEPT_BYTES = 2 * MAX_MESSAGE_BYTES

/** Which frame of a peer in a view: that of a communication round's phase, or of the settling at the view's beginning. */
export type Slot = `${number}.${number}` | 'settle'

export function slotOf(frame: Frame): Slot {
  return frame.type === 'settle' ? 'settle' : `${frame.round}.${frame.phase}`
}

/** A frame that arrived, with the message that it was read from. */
export interface Arrived<F extends Frame = Frame> {
  from: PeerId
  frame: F
  message: ArrayBuffer
}

/** Frames that arrived before they were wanted, at most one for each peer, view and slot, with caps for each peer. */
export class Inbox {
  private readonly peers = new Map<PeerId, Map<string, Arrived>>()

  /** Says why a frame was not kept, or null. */
  put(arrived: Arrived, maxFrames: number): 'duplicate' | 'overflow' | null {
    const { from, frame, message } = arrived
    let kept = this.peers.get(from)
    if (!kept) {
      kept = new Map()
      this.peers.set(from, kept)
    }
    const key = keyOf(frame.view, slotOf(frame))
    if (kept.has(key)) return 'duplicate'
    const keptBytes = [...kept.values()].reduce((sum, other) => sum + other.message.byteLength, message.byteLength)
    if (kept.size >= maxFrames || keptBytes > MAX_KEPT_BYTES) return 'overflow'
    kept.set(key, arrived)
    return null
  }

  get(from: PeerId, view: number, slot: Slot): Arrived | undefined {
    return this.peers.get(from)?.get(keyOf(view, slot))
  }

  /** Like get, and forgets it. */
  take(from: PeerId, view: number, slot: Slot): Arrived | undefined {
    const arrived = this.get(from, view, slot)
    this.peers.get(from)?.delete(keyOf(view, slot))
    return arrived
  }

  /** Forgets every frame that the test names and returns how many they were. */
  forget(test: (from: PeerId, frame: Frame) => boolean): number {
    let forgotten = 0
    for (const [peer, kept] of this.peers) {
      for (const [key, { from, frame }] of kept) if (test(from, frame) && kept.delete(key)) forgotten++
      if (kept.size === 0) this.peers.delete(peer)
    }
    return forgotten
  }
}

const keyOf = (view: number, slot: Slot) => `${view}/${slot}`
