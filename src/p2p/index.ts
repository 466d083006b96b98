export type { Aggregation } from './average.ts'
export { CHUNK_HEADER_BYTES, DEFAULT_CHUNK_BYTES, framingBytes, type MessageKind } from './chunks.ts'
export { Exchange, type ExchangeOptions } from './exchange.ts'
export { type DropReason, ExchangeError } from './exchange-errors.ts'
export { decodeFrame, encodeFrame, type Frame, type FrameArray, runHash } from './frame.ts'
export { countByKind, countFrame } from './frame-count.ts'
export { FrameError } from './frame-errors.ts'
export { MAX_MESSAGE_BYTES } from './frame-layout.ts'
export { ICE_EXPECTED, parseIceServer } from './ice.ts'
export { type LabSettings, labSettings, PEER_EXPECTED, type PeerPlace, parsePeerPlace, SETTINGS_FILE } from './lab-settings.ts'
export {
  addBytes,
  addPayload,
  type ByteCount,
  Ledger,
  type LinkCounts,
  type PayloadByKind,
  totalBytes,
  zeroBytes,
  zeroPayload,
} from './ledger.ts'
export { Link, type LinkChannel, LinkError, type LinkErrorKind, type LinkOptions } from './link.ts'
export { createMemoryNetwork, type MemoryNetwork, type MemoryNetworkOptions } from './memory-network.ts'
export * from './room/index.ts'
export type { LinkModel, SimulatedClock } from './simulated-time.ts'
export type { PeerId, Transport, View } from './types.ts'
