import { Command } from 'commander'
import { addConfigFlags, configOfFlags } from '../config-flags.ts'
import { ensureDataset } from '../datasets/index.ts'
import { interruptSignal } from '../interrupt.ts'
import { makeResultsFolder, resultTable, runName, writeResults } from '../results.ts'
import { RunProgress } from '../run-progress.ts'
import { makeReady } from '../set-up.ts'

/** `lab run`: a run with real tabs of headless Chromium. */
export function runCommand(): Command {
  const command = new Command('run')
    .description('Run with real browser tabs: headless Chromium, one tab for each worker, over WebRTC')
    .option('--json', 'print the summary as one line of JSON, the last of the output')
    .option('--out <folder>', 'where results go', 'results')
  return addConfigFlags(command).action(async (flags: Record<string, unknown> & { json?: boolean; out: string }) => {
    const config = await configOfFlags(flags)
    await makeResultsFolder(flags.out)
    await makeReady({ chromium: true, build: true })
    const signal = interruptSignal()
    const progress = new RunProgress(config)
    if (config.dataset !== 'shapes10')
      await ensureDataset(config.dataset, {
        signal,
        onProgress: ({ stage, fraction, detail }) => progress.prepare(`${stage} ${detail ?? ''}`, fraction),
      })
    // Playwright is slow to load, and the other commands do without it.
    const { runInTabs } = await import('../tabs/run-in-tabs.ts')
    const { summary, events, dashboard } = await runInTabs(config, progress, signal)
    const folder = await writeResults(flags.out, runName(config), summary, events, { 'dashboard.png': dashboard })
    progress.done(`results in ${folder}`)
    if (summary.status !== 'finished') process.exitCode = 130
    process.stdout.write(flags.json ? `${JSON.stringify(summary)}\n` : `${resultTable(summary)}\n`)
  })
}
