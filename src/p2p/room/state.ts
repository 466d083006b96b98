import type { LinkCounts } from '../ledger.ts'
import type { PeerId } from '../types.ts'
import type { ChannelBytes } from './signalling.ts'

/** One member as this page sees it. */
export interface RoomMember {
  id: PeerId
  name: string
  /** place in the order of admission */
  rank: number
  self: boolean
  host: boolean
  link: 'connecting' | 'open'
  /** its page is in the background */
  hidden: boolean
}

/** An immutable snapshot of the room; a new object whenever something in it changes. */
export interface RoomState {
  /** `joining`: looking for the room; only this page is in `members` then */
  phase: 'joining' | 'joined' | 'left'
  /** left because the host has sent this page away; loaded anew, it may come in again */
  dismissed: boolean
  selfId: PeerId
  /** in rank order */
  members: RoomMember[]
  /** null while joining and after leaving */
  hostId: PeerId | null
  memberListNumber: number
  /** only the host starts runs */
  locked: boolean
  /** without the signalling server nobody new can join; open links stay */
  signalling: 'connecting' | 'connected' | 'lost'
  /** whole sentences for the user, gone when they are no longer true */
  errors: string[]
}

/** An open link, for the dashboard. */
export interface RoomLink {
  peer: PeerId
  counts: LinkCounts
  /** of the last heartbeat; null before the first */
  rttMs: number | null
}

/** An open link and, to check its counts by, what the browser tells; null where it tells nothing. */
export interface MeasuredLink extends RoomLink {
  measured: ChannelBytes | null
}

/** Misuse of the room by this page. */
export class RoomError extends Error {
  readonly kind = 'room'
}
