import type { ClaimStorage } from './host-claim.ts'
import { peerjsSignalling } from './peerjs-signalling.ts'
import { Room } from './room.ts'
import type { SignallingServer } from './signalling.ts'

export interface JoinRoomOptions {
  room: string
  /** who knows it is in; two secrets are two rooms */
  secret: string
  /** shown to the others; empty: "Tab n" */
  name?: string
  server: SignallingServer
  /** STUN and TURN servers; none are needed on one machine or one local network */
  iceServers: RTCIceServer[]
  /** outlives a reload of this tab: then the tab that was host gets the role back */
  storage?: ClaimStorage
  /** leaves the room when aborted */
  signal?: AbortSignal
}

/** Joins a room through a PeerServer. Returns at once; the state tells when the room is found, and what stands in the way. */
export function joinRoom({ server, iceServers, ...options }: JoinRoomOptions): Room {
  return new Room({ ...options, signalling: peerjsSignalling(server, iceServers) })
}
