import { type DBSchema, openDB } from 'idb'
import { insightBytes, joinedInsight, type RecordedInsight } from '../insight/recorded-insight.ts'
import type { KeptRun } from './kept-run.ts'

/** A run in the archive: what it was, and about how many bytes its files take. */
export interface ArchivedRun extends KeptRun {
  packedBytes: number
}

/** What is read of a run only when it is asked for. */
export interface RunFiles {
  /** a file as metrics-file.ts packs it */
  metrics: Blob
  /** what its pages showed of predictions; null where there was nothing, and of an imported run */
  insight: RecordedInsight | null
}

/** Where runs are kept. */
export interface RunArchive {
  /** newest first */
  list(): Promise<ArchivedRun[]>
  /** Replaces what is kept of the run, but for predictions that another page of this browser has kept of its own worker. */
  put(run: KeptRun, files: RunFiles): Promise<void>
  files(id: string): Promise<RunFiles | undefined>
  rename(id: string, name: string): Promise<void>
  remove(id: string): Promise<void>
}

/** A run and its files as they are to be kept, after what has been kept of it. */
function joined(run: KeptRun, files: RunFiles, before: RunFiles | undefined): { run: ArchivedRun; files: RunFiles } {
  const insight = joinedInsight(before?.insight ?? null, files.insight)
  const packedBytes = files.metrics.size + (insight ? insightBytes(insight) : 0)
  return { run: { ...run, packedBytes }, files: { ...files, insight } }
}

const newestFirst = (runs: ArchivedRun[]) => runs.sort((a, b) => b.endedAtMs - a.endedAtMs)

interface Tables extends DBSchema {
  /** small, and read for every list */
  runs: { key: string; value: ArchivedRun }
  /** a Blob alone is the metrics of a run that was kept before predictions were */
  metrics: { key: string; value: RunFiles | Blob }
}

/** In this browser, for all pages of this address. Rejects where the browser refuses to keep anything. */
export async function openArchive(): Promise<RunArchive> {
  const database = await openDB<Tables>('tabswarm-runs', 1, {
    upgrade(fresh) {
      fresh.createObjectStore('runs', { keyPath: 'id' })
      fresh.createObjectStore('metrics')
    },
  })
  return {
    list: async () => newestFirst(await database.getAll('runs')),
    async put(run, files) {
      const transaction = database.transaction(['runs', 'metrics'], 'readwrite')
      const [runs, metrics] = [transaction.objectStore('runs'), transaction.objectStore('metrics')]
      const kept = joined(run, files, filesOf(await metrics.get(run.id)))
      await Promise.all([runs.put(kept.run), metrics.put(kept.files, run.id), transaction.done])
    },
    files: async (id) => filesOf(await database.get('metrics', id)),
    async rename(id, name) {
      const transaction = database.transaction('runs', 'readwrite')
      const run = await transaction.store.get(id)
      if (run) await transaction.store.put({ ...run, name })
      await transaction.done
    },
    async remove(id) {
      const transaction = database.transaction(['runs', 'metrics'], 'readwrite')
      await Promise.all([transaction.objectStore('runs').delete(id), transaction.objectStore('metrics').delete(id), transaction.done])
    },
  }
}

const filesOf = (kept: RunFiles | Blob | undefined): RunFiles | undefined =>
  kept instanceof Blob ? { metrics: kept, insight: null } : kept

/** Until the page is closed. */
export function memoryArchive(): RunArchive {
  const kept = new Map<string, { run: ArchivedRun; files: RunFiles }>()
  return {
    list: async () => newestFirst([...kept.values()].map(({ run }) => run)),
    async put(run, files) {
      kept.set(run.id, joined(run, files, kept.get(run.id)?.files))
    },
    files: async (id) => kept.get(id)?.files,
    async rename(id, name) {
      const entry = kept.get(id)
      if (entry) kept.set(id, { ...entry, run: { ...entry.run, name } })
    },
    async remove(id) {
      kept.delete(id)
    },
  }
}

/** What an archive holds at most. */
export const LIMITS = { runs: 100, bytes: 100_000_000 }

/** The runs that have no room any more: the oldest beyond the limits, never the newest. `runs`: newest first. */
export function beyondLimits(runs: readonly ArchivedRun[], limits = LIMITS): ArchivedRun[] {
  let bytes = 0
  return runs.filter(({ packedBytes }, i) => {
    bytes += packedBytes
    return i > 0 && (i >= limits.runs || bytes > limits.bytes)
  })
}
