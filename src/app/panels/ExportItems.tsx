import { Menu } from '@mantine/core'
import { metricLines } from '../../cluster/index.ts'
import { download, toCsv } from '../export.ts'
import type { MetricsStore } from '../metrics/metrics-store.ts'
import { headerOf, type KeptRun } from '../runs/kept-run.ts'
import { addToLog } from '../store.ts'

/** A run to be exported, with all its metrics. */
export interface Exportable {
  run: KeptRun
  metrics: MetricsStore
}

/** Items of a menu: the formats in which a run can be had. `load` is asked when one is chosen; its rejection is told to the user. */
export function ExportItems({ load }: { load(): Promise<Exportable> }) {
  const save = async (write: (exported: Exportable, name: string) => void | Promise<void>) => {
    try {
      const exported = await load()
      await write(exported, `tabswarm-${exported.run.id.replace(/[^A-Za-z0-9_-]/g, '-')}`)
    } catch (error) {
      addToLog('error', error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <>
      <Menu.Item onClick={() => void save(saveLines)}>JSON Lines (.jsonl)</Menu.Item>
      <Menu.Item onClick={() => void save(saveCsv)}>CSV (.csv)</Menu.Item>
    </>
  )
}

function saveLines({ run, metrics }: Exportable, name: string): void {
  download(`${name}.jsonl`, 'application/jsonl', metricLines(headerOf(run), metrics.sortedEvents()))
}

function saveCsv({ run, metrics }: Exportable, name: string): void {
  download(`${name}.csv`, 'text/csv', toCsv(headerOf(run), metrics.sortedEvents()))
}
