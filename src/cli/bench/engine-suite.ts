import type { ModelName } from '../../engine/index.ts'
import { BenchError, type BenchHost, type OpenPort } from './hosts.ts'
import { deviceOf, type EngineName } from './page/engines.ts'
import type { Started, Training } from './page/port.ts'
import { median } from './statistics.ts'

/** One engine training one model. What only WebGPU has is null for the others. */
export interface EngineRow {
  model: ModelName
  batch: number
  engine: EngineName
  /** of the middle round */
  imagesPerSecond: number
  /** how many times as fast as this engine the first one of the model was in the same round: of the middle one */
  firstSpeedup: number
  /** JavaScript of the middle step, without waiting for the device */
  jsMsPerStep: number | null
  submitsPerStep: number | null
  /** GPU buffers created */
  buffersPerStep: number | null
  /** in GPU buffers after the last step */
  gpuMiB: number | null
  /** how much of it came after the warm-up */
  gpuMiBGrowth: number | null
  /** from the page's start (in Node: from opening the engine) to the end of the first step */
  bootMs: number
  /** steps measured */
  steps: number
}

export interface EngineOptions {
  models: ModelName[]
  engines: EngineName[]
  batch: number
  /** for each row */
  seconds: number
}

export interface EngineResult {
  adapter: string | null
  rows: EngineRow[]
  /** engines that could not be measured, and why */
  failures: string[]
}

/** Short turns, so that what else the machine does meets all engines alike. */
const ROUNDS = 3
const WARM_UP_SECONDS = 0.3
/** relative, of the losses before and after the first update: all engines must train the same network on the same pictures */
const LOSS_TOLERANCE = 0.01
const MIB = 2 ** 20

interface Runner extends OpenPort {
  engine: EngineName
  started: Started
  warm: Training
  rounds: Training[]
}

/**
 * Trains every model on every engine for a while, the engines in turns. An engine that cannot do it is left out and told.
 * @param say progress, for the user
 * @throws BenchError when nothing is left to measure
 */
export async function benchEngines(options: EngineOptions, host: BenchHost, say: (line: string) => void): Promise<EngineResult> {
  const { models, engines, batch, seconds } = options
  const result: EngineResult = { adapter: null, rows: [], failures: [] }
  for (const model of models) {
    let runners: Runner[] = []
    const failed = (engine: EngineName, error: unknown) => {
      const failure = `${model} on ${engine}: ${error instanceof Error ? error.message : error}`
      result.failures.push(failure)
      say(`left out: ${failure}`)
    }
    try {
      for (const engine of engines) {
        say(`${model}: starting ${engine}`)
        try {
          runners.push(await start(host, { engine, model, batch }, runners[0]))
        } catch (error) {
          failed(engine, error)
        }
      }
      for (let round = 1; round <= ROUNDS && runners.length > 0; round++) {
        say(`${model}: round ${round} of ${ROUNDS}`)
        for (const runner of runners)
          try {
            runner.rounds.push(await runner.port.train(seconds / ROUNDS))
          } catch (error) {
            failed(runner.engine, error)
            await runner.close()
            runners = runners.filter((other) => other !== runner)
          }
      }
      for (const runner of runners) result.rows.push({ model, batch, ...figuresOf(runner, runners[0], batch) })
      result.adapter ??= runners.find(({ started }) => started.adapter)?.started.adapter ?? null
    } finally {
      for (const { close } of runners) await close()
    }
  }
  if (result.rows.length === 0) throw new BenchError(`nothing could be measured: ${result.failures.join('; ')}`)
  return result
}

/** @param first whose losses the engine's must be */
async function start(
  host: BenchHost,
  { engine, model, batch }: { engine: EngineName; model: ModelName; batch: number },
  first: Runner | undefined,
): Promise<Runner> {
  const { port, close } = await host.open()
  try {
    const started = await port.open(engine, model, batch)
    const warm = await port.train(WARM_UP_SECONDS)
    if (first) checkLosses([started.loss, warm.loss], first)
    return { engine, port, close, started, warm, rounds: [] }
  } catch (error) {
    await close()
    throw error
  }
}

/** @throws Error when these are not the losses of the first two steps */
function checkLosses(mine: number[], { engine, started, warm }: Runner): void {
  const its = [started.loss, warm.loss]
  // Not a number is not within tolerance either.
  if (!mine.every((loss, i) => Math.abs(loss - its[i]) <= LOSS_TOLERANCE * its[i]))
    throw new Error(`the losses of its first two steps are ${mine.join(' and ')}; on ${engine} they are ${its.join(' and ')}`)
}

function figuresOf({ engine, started, warm, rounds }: Runner, first: Runner, batch: number): Omit<EngineRow, 'model' | 'batch'> {
  const rate = ({ steps, ms }: Training) => (steps * batch) / (ms / 1000)
  const steps = sum(rounds.map((round) => round.steps))
  const { gpuBytes } = rounds[rounds.length - 1]
  const onGpu = ['wgsl', 'webgpu'].includes(deviceOf(engine))
  const gpu = (value: number) => (onGpu ? value : null)
  return {
    engine,
    imagesPerSecond: median(rounds.map(rate)),
    firstSpeedup: median(rounds.map((round, i) => rate(first.rounds[i]) / rate(round))),
    jsMsPerStep: gpu(median(rounds.map(({ jsMs }) => jsMs))),
    submitsPerStep: gpu(sum(rounds.map(({ submits }) => submits)) / steps),
    buffersPerStep: gpu(sum(rounds.map(({ buffers }) => buffers)) / steps),
    gpuMiB: gpu(gpuBytes / MIB),
    gpuMiBGrowth: gpu((gpuBytes - warm.gpuBytes) / MIB),
    bootMs: started.bootMs,
    steps,
  }
}

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)
