import type { Trouble } from '../../cluster/index.ts'
import type { BackendChoice, Insight, MetricEvent, RunConfig } from '../../engine/index.ts'
import type { PeerId, View } from '../../p2p/index.ts'

/** What the page tells its training worker. Buffers are transferred. */
export type WorkerCommand =
  /** Load data, build model and backend, listen for frames of this run; answers `ready` or `failed`. */
  | { type: 'prepare'; run: string; config: RunConfig; view: View; self: PeerId; datasetsUrl: string }
  /** The same for all config.workers workers of a simulated run, which send no frames to anybody. */
  | { type: 'simulate'; run: string; config: RunConfig; datasetsUrl: string }
  /** Everyone is ready: train. */
  | { type: 'go' }
  | { type: 'frame'; from: PeerId; message: ArrayBuffer }
  /** A member is gone, or goes on after a loss of its device; `message` says who. */
  | { type: 'view'; view: View; message: string }
  /** Pause before the first gradient step with this number (0-based), in a simulated run not before the end of a round; null: run freely. */
  | { type: 'runUntil'; step: number | null }
  | { type: 'stop' }
  /** From now on, in every run of the room: this worker is slow, or its messages get lost. */
  | { type: 'trouble'; trouble: Trouble }

/** What the training worker tells its page. */
export type WorkerEvent =
  /** which backends this browser offers, and what `auto` takes: sent once after start */
  | { type: 'hello'; backend: BackendChoice }
  | { type: 'progress'; run: string; stage: string; fraction: number }
  | {
      type: 'ready'
      run: string
      backend: BackendChoice
      parameters: number
      /** shard[rank][class]: pictures of the class that the worker holds; equal on all workers */
      shards: number[][]
      shardSize: number
      /** 1 - max(|lambda_2|, |lambda_N|) of the mixing matrix */
      spectralGap: number
    }
  | { type: 'frame'; to: PeerId; message: ArrayBuffer }
  | { type: 'metric'; run: string; event: MetricEvent }
  /** for this page alone */
  | { type: 'insight'; run: string; insight: Insight }
  /** the trainer waits at `step` because of runUntil */
  | { type: 'paused'; run: string; step: number }
  /** this worker's device was lost and is replaced: the members want a new view, to restore what they hold together */
  | { type: 'renewView'; run: string; message: string }
  | { type: 'failed'; run: string; message: string }
  /** every 1,000 ms, also while the page is hidden: the page sends its heartbeats on this */
  | { type: 'tick' }
