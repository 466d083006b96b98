import { randomUUID } from 'node:crypto'
import { Command } from 'commander'
import { type SimulatedTime, simulate } from '../../cluster/index.ts'
import { ConfigError, chooseBackend, type MetricEvent, openBackend } from '../../engine/index.ts'
import type { LinkModel } from '../../p2p/index.ts'
import { addConfigFlags, configOfFlags } from '../config-flags.ts'
import { ensureDataset } from '../datasets/index.ts'
import { interruptSignal } from '../interrupt.ts'
import { resultTable, runName, writeResults } from '../results.ts'
import { RunProgress } from '../run-progress.ts'

interface SimulateFlags {
  json?: boolean
  out: string
  bandwidthMbits?: number
  latencyMs?: number
  lossRate?: number
}

/** `lab simulate`: a run with all workers in this process. */
export function simulateCommand(): Command {
  const command = new Command('simulate')
    .description('Run simulated workers in this process: same trainers, exchange and numbers as tabs')
    .option('--json', 'print the summary as one line of JSON, the last of the output')
    .option('--out <folder>', 'where results go', 'results')
    .option('--bandwidth-mbits <number>', 'simulated up- and downlink of every worker, in Mbit/s', parseAtLeast('--bandwidth-mbits', 0.001))
    .option('--latency-ms <number>', 'simulated latency of every link', parseAtLeast('--latency-ms', 0))
    .option('--loss-rate <number>', 'simulated chance of a message to be lost and sent again', parseAtLeast('--loss-rate', 0, 0.99))
  return addConfigFlags(command).action(async (flags: Record<string, unknown> & SimulateFlags) => {
    const config = configOfFlags(flags)
    const signal = interruptSignal()
    const progress = new RunProgress(config)
    const backend = await openBackend(await chooseBackend(config.backend))
    const { summary, events } = await simulate({
      run: randomUUID(),
      config,
      openDataset: (name) =>
        ensureDataset(name, {
          signal,
          onProgress: ({ stage, fraction, detail }) => progress.prepare(`${stage} of ${name} ${detail ?? ''}`, fraction),
        }),
      backend,
      links: linksOf(flags),
      onEvent: (event: MetricEvent) => progress.event(event),
      onProgress: (stage, fraction) => progress.prepare(stage, fraction),
      signal,
    })
    const folder = await writeResults(flags.out, runName(config), summary, events)
    progress.done(`results in ${folder}`)
    if (summary.status !== 'finished') process.exitCode = 130
    process.stdout.write(
      flags.json ? `${JSON.stringify(summary)}\n` : `${resultTable(summary)}\n${simulatedTimeLine(summary.simulatedTime)}`,
    )
  })
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
