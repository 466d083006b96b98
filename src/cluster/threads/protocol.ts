import type { BackendChoice, LabError, MetricEvent, RunConfig, SelfTest } from '../../engine/index.ts'
import type { LinkModel } from '../../p2p/index.ts'
import type { SimulatedTime } from '../whole-run.ts'

/** What a thread that computes a share of a simulation's workers is told. One simulation per thread: prepare, run, perhaps stop. */
export type ThreadCommand =
  | {
      type: 'prepare'
      run: string
      config: RunConfig
      choice: BackendChoice
      links?: LinkModel
      /** as in SimulationOptions */
      ports: (MessagePort | null)[]
    }
  | { type: 'run' }
  | { type: 'stop' }

/** What it says. */
export type ThreadEvent =
  | { type: 'progress'; stage: string; fraction: number }
  | { type: 'ready'; selfTest: SelfTest | null }
  /** several at once, in order; the last come before `ended` */
  | { type: 'metrics'; events: MetricEvent[] }
  /** finished: false when stopped before */
  | { type: 'ended'; finished: boolean; simulatedTime: SimulatedTime | undefined }
  /** kind: of a LabError, null for a fault of the lab */
  | { type: 'failed'; kind: LabError['kind'] | null; message: string; stack: string | undefined }
