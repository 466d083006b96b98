import type { BackendChoice, MetricEvent, RunConfigInput } from '../engine/index.ts'
import type { ByteCount, ChannelBytes, PayloadByKind } from '../p2p/index.ts'
import type { RunSummary } from './summary.ts'

/** What the page knows, as plain JSON. */
export interface AutomationState {
  room: {
    phase: string
    message: string
    members: {
      id: string
      name: string
      rank: number
      self: boolean
      host: boolean
      link: 'connecting' | 'open'
      backend: BackendChoice | null
    }[]
  }
  run: {
    id: string
    simulated: boolean
    /** `replay`: it is a recording */
    phase: 'preparing' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed' | 'replay'
    message: string
    /** gradient steps of the slowest worker that is still there */
    step: number
  } | null
}

/** Bytes between this tab and another one since their channel opened, whatever run they were for. */
export interface AutomationLink {
  /** id of the other tab, as in `state().room.members` */
  peer: string
  sent: ByteCount
  received: ByteCount
  /** the payload of it, by what the vectors hold */
  sentByKind: PayloadByKind
  receivedByKind: PayloadByKind
  /** all bytes as the browser's own statistics (RTCPeerConnection.getStats) count them, to check the above by; null where it tells nothing */
  measured: ChannelBytes | null
}

/** `window.lab`: the page for scripts. All answers are plain JSON. */
export interface LabAutomation {
  state(): AutomationState
  /**
   * Asks the host to start, or starts config.workers simulated workers in this tab; missing fields take their defaults. What is left out is
   * as chosen on the page. Rejects with a message when the configuration is wrong or the run is refused.
   */
  start(config?: RunConfigInput, options?: { simulated?: boolean }): Promise<void>
  pause(): void
  resume(): void
  stepRound(): void
  stop(): void
  /** Metric events of all workers as they came in, from the given index on. */
  metrics(from?: number): MetricEvent[]
  /** Summary of the run on screen so far; null without one. */
  summary(): RunSummary | null
  /** The open links of this tab. */
  links(): Promise<AutomationLink[]>
}
