import { create } from 'zustand'
import type { RecordedInsight } from '../insight/recorded-insight.ts'
import type { MetricsStore } from '../metrics/metrics-store.ts'
import { addToLog } from '../store.ts'
import { texts } from '../texts/index.ts'
import { type ArchivedRun, beyondLimits, memoryArchive, openArchive, type RunArchive, type RunFiles } from './archive.ts'
import { headerOf, type KeptRun } from './kept-run.ts'
import { packMetrics, readMetrics } from './metrics-file.ts'

interface KeptRuns {
  /** newest first; null until they have been read */
  runs: readonly ArchivedRun[] | null
  /** why the browser keeps nothing beyond this page; null where it does */
  refusal: string | null
  /** what was deleted last, to be brought back */
  deleted: { run: ArchivedRun; files: RunFiles } | null
}

/** The list of kept runs, as the page shows it. */
export const useKeptRuns = create<KeptRuns>()(() => ({ runs: null, refusal: null, deleted: null }))

let opened: Promise<RunArchive> | null = null

/** The archive of this browser; where it refuses, one that lasts as long as the page. */
function archive(): Promise<RunArchive> {
  opened ??= openArchive().catch((error: unknown) => {
    useKeptRuns.setState({ refusal: error instanceof Error ? error.message : String(error) })
    return memoryArchive()
  })
  return opened
}

/** Reads the list; other tabs of this browser add to it too. */
export async function listRuns(): Promise<void> {
  const { list } = await archive()
  useKeptRuns.setState({ runs: await list() })
}

/** Keeps a run, or what it has told since; a name that it has been given stays. What has no room any more is dropped, and told. */
export async function keepRun(run: KeptRun, metrics: MetricsStore, insight: RecordedInsight | null): Promise<void> {
  try {
    const file = new Blob([await packMetrics(headerOf(run), metrics)], { type: 'application/gzip' })
    const { list, put, remove } = await archive()
    const before = (await list()).find(({ id }) => id === run.id)
    await put({ ...run, ...(before && { name: before.name, endedAtMs: before.endedAtMs }) }, { metrics: file, insight })
    const dropped = beyondLimits(await list())
    for (const { id } of dropped) await remove(id)
    if (dropped.length > 0) addToLog('warning', texts.keptRuns.dropped(dropped.map(({ name }) => name)))
  } catch (error) {
    addToLog('warning', texts.keptRuns.notKept(run.name, error instanceof Error ? error.message : String(error)))
  }
  await listRuns()
}

/** The metrics of a kept run, and what its page showed of predictions. Rejects with a message for the user. */
export async function recordingOf({ id, name }: ArchivedRun): Promise<{ metrics: MetricsStore; insight: RecordedInsight | null }> {
  const files = await (await archive()).files(id)
  if (!files) throw new Error(texts.keptRuns.gone(name))
  return { metrics: (await readMetrics(files.metrics)).metrics, insight: files.insight }
}

/** Rejects with a message for the user. */
export const metricsOf = async (run: ArchivedRun): Promise<MetricsStore> => (await recordingOf(run)).metrics

export async function renameRun(id: string, name: string): Promise<void> {
  await (await archive()).rename(id, name)
  await listRuns()
}

/** Deletes a run; it can be brought back until the next is deleted. */
export async function deleteRun(run: ArchivedRun): Promise<void> {
  const { files, remove } = await archive()
  const kept = await files(run.id)
  await remove(run.id)
  useKeptRuns.setState({ deleted: kept ? { run, files: kept } : null })
  await listRuns()
}

/** Brings back what was deleted last. */
export async function undoDelete(): Promise<void> {
  const { deleted } = useKeptRuns.getState()
  if (!deleted) return
  await (await archive()).put(deleted.run, deleted.files)
  useKeptRuns.setState({ deleted: null })
  await listRuns()
}
