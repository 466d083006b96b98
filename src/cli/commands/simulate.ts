import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { Command } from 'commander'
import { type SimulatedTime, simulate, simulateInThreads } from '../../cluster/index.ts'
import { type BackendChoice, ConfigError, chooseBackend, type MetricEvent, openBackend } from '../../engine/index.ts'
import type { LinkModel } from '../../p2p/index.ts'
import { addConfigFlags, configOfFlags } from '../config-flags.ts'
import { ensureDataset } from '../datasets/index.ts'
import { interruptSignal } from '../interrupt.ts'
import { makeResultsFolder, resultTable, runName, writeResults } from '../results.ts'
import { RunProgress } from '../run-progress.ts'
import { startThread } from '../threads/index.ts'

interface SimulateFlags {
  json?: boolean
  out: string
  threads?: number
  bandwidthMbits?: number
  latencyMs?: number
  lossRate?: number
}

/** `lab simulate`: a run with all workers in this process, on all of its cores. */
export function simulateCommand(): Command {
  const command = new Command('simulate')
    .description('Run simulated workers in this process: same trainers, exchange and numbers as tabs')
    .option('--json', 'print the summary as one line of JSON, the last of the output')
    .option('--out <folder>', 'where results go', 'results')
    .option(
      '--threads <number>',
      'threads to spread the workers over, at most one for each; default: one for each core. With wgsl always 1, for there is one GPU. The numbers are the same',
      parseWholeFrom1('--threads'),
    )
    .option('--bandwidth-mbits <number>', 'simulated up- and downlink of every worker, in Mbit/s', parseAtLeast('--bandwidth-mbits', 0.001))
    .option('--latency-ms <number>', 'simulated latency of every link', parseAtLeast('--latency-ms', 0))
    .option('--loss-rate <number>', 'simulated chance of a message to be lost and sent again', parseAtLeast('--loss-rate', 0, 0.99))
  return addConfigFlags(command).action(async (flags: Record<string, unknown> & SimulateFlags) => {
    const config = await configOfFlags(flags)
    await makeResultsFolder(flags.out)
    const choice = await chooseBackend(config.backend)
    const threads = threadsFor(choice, config.workers, flags.threads)
    const signal = interruptSignal()
    const progress = new RunProgress(config)
    const openDataset = (name: string) =>
      ensureDataset(name, {
        signal,
        onProgress: ({ stage, fraction, detail }) => progress.prepare(`${stage} of ${name} ${detail ?? ''}`, fraction),
      })
    const options = {
      run: randomUUID(),
      config,
      links: linksOf(flags),
      onEvent: (event: MetricEvent) => progress.event(event),
      onProgress: (_: string, fraction: number) => progress.prepare('workers', fraction),
      signal,
    }
    // Threads open the data set for themselves, so it is prepared before.
    if (threads > 1 && config.dataset !== 'shapes10') await openDataset(config.dataset)
    const { summary, events } =
      threads > 1
        ? await simulateInThreads({ ...options, choice, threads, startThread })
        : await simulate({ ...options, backend: await openBackend(choice), openDataset })
    const folder = await writeResults(flags.out, runName(config), summary, events)
    progress.done(`results in ${folder}`)
    if (summary.status !== 'finished') process.exitCode = 130
    process.stdout.write(
      flags.json ? `${JSON.stringify(summary)}\n` : `${resultTable(summary)}\n${simulatedTimeLine(summary.simulatedTime)}`,
    )
  })
}

/** How many threads to spread the workers over. A GPU is one device, which one thread keeps busy. */
function threadsFor(choice: BackendChoice, workers: number, asked?: number): number {
  if (choice.name !== 'wgsl') return Math.min(asked ?? availableParallelism(), workers)
  if (asked !== undefined && asked > 1)
    process.stderr.write(`--threads: got ${asked}, but wgsl computes on the one GPU: all workers stay in one thread\n`)
  return 1
}

/** The network to simulate; undefined when no flag asks for one. */
function linksOf({ bandwidthMbits, latencyMs, lossRate }: SimulateFlags): LinkModel | undefined {
  if (bandwidthMbits === undefined && latencyMs === undefined && lossRate === undefined) return undefined
  const bitsPerSecond = bandwidthMbits === undefined ? undefined : bandwidthMbits * 1e6
  return { bitsPerSecond, downBitsPerSecond: bitsPerSecond, latencyMs, lossRate }
}

function simulatedTimeLine(time: SimulatedTime | undefined): string {
  if (!time) return ''
  const { totalSeconds, computingSeconds, communicatingSeconds } = time
  return `on the simulated network: ${totalSeconds.toFixed(1)} s, of these ${computingSeconds.toFixed(1)} s computing (as measured here) and ${communicatingSeconds.toFixed(1)} s communicating\n`
}

function parseAtLeast(flag: string, least: number, most = Number.POSITIVE_INFINITY): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (text.trim() !== '' && value >= least && value <= most) return value
    const allowed = Number.isFinite(most) ? `${least} to ${most}` : `at least ${least}`
    throw new ConfigError([{ field: flag, message: `got ${JSON.stringify(text)}; allowed: ${allowed}` }])
  }
}

function parseWholeFrom1(flag: string): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (Number.isInteger(value) && value >= 1) return value
    throw new ConfigError([{ field: flag, message: `got ${JSON.stringify(text)}; allowed: a whole number of at least 1` }])
  }
}
