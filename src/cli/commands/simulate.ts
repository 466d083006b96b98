import { randomUUID } from 'node:crypto'
import { Command } from 'commander'
import { simulate } from '../../cluster/index.ts'
import { chooseBackend, type MetricEvent, openBackend } from '../../engine/index.ts'
import { addConfigFlags, configOfFlags } from '../config-flags.ts'
import { ensureDataset } from '../datasets/index.ts'
import { interruptSignal } from '../interrupt.ts'
import { resultTable, runName, writeResults } from '../results.ts'
import { RunProgress } from '../run-progress.ts'

/** `lab simulate`: a run with all workers in this process. */
export function simulateCommand(): Command {
  const command = new Command('simulate')
    .description('Run simulated workers in this process: same trainers, exchange and numbers as tabs')
    .option('--json', 'print the summary as one line of JSON, the last of the output')
    .option('--out <folder>', 'where results go', 'results')
  return addConfigFlags(command).action(async (flags: Record<string, unknown> & { json?: boolean; out: string }) => {
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
      onEvent: (event: MetricEvent) => progress.event(event),
      onProgress: (stage, fraction) => progress.prepare(stage, fraction),
      signal,
    })
    const folder = await writeResults(flags.out, runName(config), summary, events)
    progress.done(`results in ${folder}`)
    if (summary.status !== 'finished') process.exitCode = 130
    process.stdout.write(flags.json ? `${JSON.stringify(summary)}\n` : `${resultTable(summary)}\n`)
  })
}
