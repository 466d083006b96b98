import { useMemo } from 'react'
import { workersOf } from '../cluster-view.ts'
import { simulatedWorkers } from '../form/check-run.ts'
import { useLab } from '../store.ts'
import type { ChartLine } from './chart-props.ts'
import { workerLines } from './definitions.ts'

/** A line of each worker, thin and in its color. */
export function useWorkerLines(): ChartLine[] {
  const room = useLab((state) => state.room)
  const run = useLab((state) => state.run)
  const planned = useLab(simulatedWorkers)
  const key = workersOf(room, run, planned)
    .map(({ name }) => name)
    .join('\n')
  return useMemo(() => (key === '' ? [] : workerLines(key.split('\n'))), [key])
}
