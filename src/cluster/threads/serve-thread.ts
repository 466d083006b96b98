import { LabError, type MetricEvent, type OpenDataset, openBackend } from '../../engine/index.ts'
import { createSimulation, type Simulation } from '../simulation.ts'
import type { ThreadCommand, ThreadEvent } from './protocol.ts'

/** Events wait so long for others: whoever collects them shares the processor with those who train. */
const BATCH_MS = 100

/** In a thread of its own: computes the workers that it is told to, with a backend of its own. */
export function serveThread(port: MessagePort, openDataset: OpenDataset): void {
  const post = (event: ThreadEvent) => port.postMessage(event)
  let simulation: Simulation | null = null
  let batch: MetricEvent[] = []
  let postedAtMs = performance.now()

  const postBatch = () => {
    post({ type: 'metrics', events: batch })
    batch = []
    postedAtMs = performance.now()
  }

  const prepare = async ({ choice, ...told }: Extract<ThreadCommand, { type: 'prepare' }>) => {
    simulation = await createSimulation({
      ...told,
      backend: await openBackend(choice),
      openDataset,
      onEvent(event) {
        batch.push(event)
        if (performance.now() - postedAtMs >= BATCH_MS) postBatch()
      },
      onProgress: (stage, fraction) => post({ type: 'progress', stage, fraction }),
    })
    post({ type: 'ready', selfTest: simulation.selfTest })
  }

  const run = async () => {
    if (!simulation) throw new Error('this thread was told to run before it was ready')
    const finished = await simulation.run()
    postBatch()
    post({ type: 'ended', finished, simulatedTime: simulation.simulatedTime() })
  }

  const fail = (error: unknown) => {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    post({ type: 'failed', kind: error instanceof LabError ? error.kind : null, message, stack })
  }

  port.onmessage = ({ data }: MessageEvent<ThreadCommand>) => {
    switch (data.type) {
      case 'prepare':
        prepare(data).catch(fail)
        break
      case 'run':
        run().catch(fail)
        break
      case 'stop':
        simulation?.stop()
        break
      default:
        data satisfies never
    }
  }
}
