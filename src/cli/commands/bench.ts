import { cpus } from 'node:os'
import { Argument, Command, InvalidArgumentError } from 'commander'
import { chooseBackend, openBackend } from '../../engine/index.ts'
import { benchCompressors } from '../bench/compressors.ts'

/** `lab bench SUITE`: timings. Compare figures of one run on one machine only. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('Measure speed; compare figures of one run on one machine only')
    .addArgument(new Argument('<suite>', 'what to measure').choices(['compressors']))
    .option('--seconds <number>', 'time for each row', parseSeconds, 2)
    .option('--json', 'print one line of JSON, the last of the output')
    .action(async (suite: string, { seconds, json }: { seconds: number; json?: boolean }) => {
      const backend = await openBackend(await chooseBackend('wasm'))
      const rows = await benchCompressors(backend, seconds)
      if (json) {
        process.stdout.write(`${JSON.stringify({ schema: 'tabswarm/bench/1', suite, adapter: null, machine: machine(), rows })}\n`)
        return
      }
      process.stdout.write(`${machine()}\n`)
      for (const { compressor, medianMs, p95Ms, allocatedKiB, entries } of rows)
        process.stdout.write(
          `${compressor.padEnd(14)} median ${medianMs.toFixed(2)} ms, p95 ${p95Ms.toFixed(2)} ms, ${allocatedKiB.toFixed(0)} KiB allocated, ${entries} entries\n`,
        )
    })
}

function machine(): string {
  const [first, ...others] = cpus()
  return `${first?.model.trim() ?? 'unknown processor'}, ${others.length + 1} cores, Node ${process.versions.node}`
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (!(seconds > 0 && seconds <= 600)) throw new InvalidArgumentError('allowed: above 0, at most 600.')
  return seconds
}
