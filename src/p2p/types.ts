/** A peer's id on the signalling server; stable while its page lives. */
export type PeerId = string

/** A numbered, agreed list of members in rank order. A join or a loss makes the next one. */
export interface View {
  number: number
  /** index = rank */
  members: PeerId[]
}

/** Carries whole messages to peers. Sums, barriers and codecs live above it, WebRTC or memory below it. */
export interface Transport {
  /** Queues one message; takes ownership of the buffer. A peer that is gone is no error: its loss arrives as a new view. */
  send(to: PeerId, message: ArrayBuffer): void
  /** Like send, to several peers, which then share the buffer and only read it: for transports within one process. */
  sendToAll?(to: readonly PeerId[], message: ArrayBuffer): void
  /** At most one handler; messages from one peer arrive in the order they were sent. The sender is the channel it came through. */
  onMessage(handler: (from: PeerId, message: ArrayBuffer) => void): void
  /** Tells which received messages a wait that is over needed: for transports that keep a simulated clock. */
  waited?(messages: readonly ArrayBuffer[]): void
}
