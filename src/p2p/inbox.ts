import { type Frame, MAX_MESSAGE_BYTES } from './frame.ts'
import type { PeerId } from './types.ts'

/** Frames of one peer that may wait: the one being gathered and one more of the largest size. */
const MAX_KEPT_BYTES = 2 * MAX_MESSAGE_BYTES

/** Which frame of a peer in a view: a communication round's, or the settling at the view's beginning. */
export type Slot = number | 'settle'

export function slotOf(frame: Frame): Slot {
  return frame.type === 'settle' ? 'settle' : frame.round
}

interface Kept {
  from: PeerId
  frame: Frame
  bytes: number
}

/** Frames that arrived before they were wanted, at most one for each peer, view and slot, with caps for each peer. */
export class Inbox {
  private readonly peers = new Map<PeerId, Map<string, Kept>>()

  /** Says why a frame was not kept, or null. */
  put(from: PeerId, frame: Frame, bytes: number, maxFrames: number): 'duplicate' | 'overflow' | null {
    let kept = this.peers.get(from)
    if (!kept) {
      kept = new Map()
      this.peers.set(from, kept)
    }
    const key = keyOf(frame.view, slotOf(frame))
    if (kept.has(key)) return 'duplicate'
    const keptBytes = [...kept.values()].reduce((sum, other) => sum + other.bytes, bytes)
    if (kept.size >= maxFrames || keptBytes > MAX_KEPT_BYTES) return 'overflow'
    kept.set(key, { from, frame, bytes })
    return null
  }

  get(from: PeerId, view: number, slot: Slot): Frame | undefined {
    return this.peers.get(from)?.get(keyOf(view, slot))?.frame
  }

  /** Like get, and forgets it. */
  take(from: PeerId, view: number, slot: Slot): Frame | undefined {
    const frame = this.get(from, view, slot)
    this.peers.get(from)?.delete(keyOf(view, slot))
    return frame
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
