import { type DBSchema, openDB } from 'idb'
import type { KeptRun } from './kept-run.ts'

/** A run in the archive: what it was, and how many bytes its metrics take. */
export interface ArchivedRun extends KeptRun {
  packedBytes: number
}

/** Where runs are kept. Metrics are files as metrics-file.ts packs them. */
export interface RunArchive {
  /** newest first */
  list(): Promise<ArchivedRun[]>
  put(run: ArchivedRun, metrics: Blob): Promise<void>
  metrics(id: string): Promise<Blob | undefined>
  rename(id: string, name: string): Promise<void>
  remove(id: string): Promise<void>
}

const newestFirst = (runs: ArchivedRun[]) => runs.sort((a, b) => b.endedAtMs - a.endedAtMs)

interface Tables extends DBSchema {
  /** small, and read for every list */
  runs: { key: string; value: ArchivedRun }
  metrics: { key: string; value: Blob }
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
    async put(run, metrics) {
      const transaction = database.transaction(['runs', 'metrics'], 'readwrite')
      await Promise.all([
        transaction.objectStore('runs').put(run),
        transaction.objectStore('metrics').put(metrics, run.id),
        transaction.done,
      ])
    },
    metrics: (id) => database.get('metrics', id),
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

/** Until the page is closed. */
export function memoryArchive(): RunArchive {
  const kept = new Map<string, { run: ArchivedRun; metrics: Blob }>()
  return {
    list: async () => newestFirst([...kept.values()].map(({ run }) => run)),
    async put(run, metrics) {
      kept.set(run.id, { run, metrics })
    },
    metrics: async (id) => kept.get(id)?.metrics,
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
