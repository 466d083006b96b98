import { addToLog } from '../store.ts'
import { texts } from '../texts.ts'
import { importedRun } from './kept-run.ts'
import { keepRun, useKeptRuns } from './kept-runs.ts'
import { readMetrics } from './metrics-file.ts'
import { openReplay } from './replay.ts'

/** Beyond this the page would be at it for minutes. */
const MOST_BYTES = 500_000_000

export const isMetricsFile = ({ name }: File) => /\.jsonl(\.gz)?$/i.test(name)

/** Keeps the run of a metrics file and shows it as a recording. What is wrong is told to the user. */
export async function importRun(file: File): Promise<void> {
  try {
    if (file.size > MOST_BYTES) throw new Error(`got ${file.size} bytes; allowed: ${MOST_BYTES}`)
    const { header, metrics } = await readMetrics(file)
    const run = importedRun(header, metrics, file.lastModified)
    await keepRun(run, metrics)
    const kept = useKeptRuns.getState().runs?.find(({ id }) => id === run.id)
    openReplay(kept ?? run, metrics)
    addToLog('info', texts.keptRuns.imported(kept?.name ?? run.name))
  } catch (error) {
    addToLog('error', texts.keptRuns.notImported(file.name, error instanceof Error ? error.message : String(error)))
  }
}
