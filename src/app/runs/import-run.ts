import { addToLog } from '../store.ts'
import { texts } from '../texts/index.ts'
import { importedRun } from './kept-run.ts'
import { keepRun, listRuns, recordingOf, useKeptRuns } from './kept-runs.ts'
import { readMetrics } from './metrics-file.ts'
import { openReplay } from './replay.ts'

/** Beyond this the page would be at it for minutes. */
const MOST_BYTES = 500_000_000

export const isMetricsFile = ({ name }: File) => /\.jsonl(\.gz)?$/i.test(name)

/** Keeps the run of a metrics file, unless it is kept already, and shows it as a recording. What is wrong is told to the user. */
export async function importRun(file: File): Promise<void> {
  try {
    if (file.size > MOST_BYTES) throw new Error(`got ${file.size} bytes; allowed: ${MOST_BYTES}`)
    const { header, metrics } = await readMetrics(file)
    await listRuns()
    const known = useKeptRuns.getState().runs?.find(({ id }) => id === header.run)
    const run = known ?? importedRun(header, metrics, file.lastModified)
    // A file has no predictions; of a run that is kept already they are here.
    if (!known) await keepRun(run, metrics, null)
    const insight = known ? (await recordingOf(known)).insight : null
    addToLog('info', texts.keptRuns.imported(run.name))
    openReplay(run, metrics, insight)
  } catch (error) {
    addToLog('error', texts.keptRuns.notImported(file.name, error instanceof Error ? error.message : String(error)))
  }
}
