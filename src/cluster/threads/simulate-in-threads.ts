import type { BackendChoice } from '../../engine/index.ts'
import type { LinkModel } from '../../p2p/index.ts'
import { type SimulatedTime, type SimulationResult, type WholeRunOptions, type Workforce, wholeRun } from '../whole-run.ts'
import type { ThreadCommand } from './protocol.ts'
import { linkThread, type StartThread } from './thread-link.ts'

export interface ThreadedSimulationOptions extends WholeRunOptions {
  /** of every thread, which opens it for itself */
  choice: BackendChoice
  links?: LinkModel
  onProgress?(stage: string, fraction: number): void
  /** 1 to config.workers */
  threads: number
  startThread: StartThread
}

/**
 * As `simulate`, with the workers spread over threads: the same summary, bytes and bits, whatever their number. Each thread has a backend
 * of its own; frames between threads go straight from one to the other.
 * @throws LabError for what the configuration asks and this place cannot give
 */
export function simulateInThreads(options: ThreadedSimulationOptions): Promise<SimulationResult> {
  return wholeRun(options, (onEvent) => prepare({ ...options, onEvent }))
}

async function prepare(options: ThreadedSimulationOptions): Promise<Workforce> {
  const { run, config, choice, links, threads: count, startThread } = options
  const fractions = new Array<number>(count).fill(0)
  const threads = fractions.map((_, i) =>
    linkThread(startThread, {
      onEvents(events) {
        for (const event of events) options.onEvent?.(event)
      },
      onProgress(stage, fraction) {
        fractions[i] = fraction
        options.onProgress?.(stage, fractions.reduce((sum, one) => sum + one) / count)
      },
    }),
  )
  const tellAll = (command: ThreadCommand) => {
    for (const thread of threads) thread.post(command)
  }
  const dispose = async () => {
    await Promise.all(threads.map((thread) => thread.end()))
  }
  try {
    const ways = waysBetween(count)
    // Workers whose ranks are close stay together, for on a ring they talk to each other.
    const threadOf = Array.from({ length: config.workers }, (_, rank) => Math.floor((rank * count) / config.workers))
    threads.forEach((thread, i) => {
      const ports = threadOf.map((j) => ways[i][j])
      const transfer = ways[i].filter((port) => port !== null)
      thread.post({ type: 'prepare', run, config, choice, links, ports }, transfer)
    })
    const [{ selfTest }] = await Promise.all(threads.map(({ ready }) => ready))
    let times: SimulatedTime[] = []
    return {
      choice: { ...choice, selfTest },
      async run() {
        tellAll({ type: 'run' })
        try {
          const ends = await Promise.all(threads.map(({ ended }) => ended))
          times = ends.flatMap(({ simulatedTime }) => simulatedTime ?? [])
          return ends.every(({ finished }) => finished)
        } catch (error) {
          tellAll({ type: 'stop' })
          throw error
        }
      },
      stop: () => tellAll({ type: 'stop' }),
      simulatedTime: () => times.toSorted((a, b) => b.totalSeconds - a.totalSeconds).at(0),
      dispose,
    }
  } catch (error) {
    await dispose()
    throw error
  }
}

/** A channel between each two of so many threads: [i][j] is i's end of the way to j, null where i = j. */
function waysBetween(count: number): (MessagePort | null)[][] {
  const ways: (MessagePort | null)[][] = Array.from({ length: count }, () => new Array(count).fill(null))
  for (let i = 0; i < count; i++)
    for (let j = 0; j < i; j++) {
      const { port1, port2 } = new MessageChannel()
      ways[i][j] = port1
      ways[j][i] = port2
    }
  return ways
}
