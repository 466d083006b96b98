import { useMemo } from 'react'
import { LineChartCard } from '../../charts/LineChartCard.tsx'
import { useWorkerLines } from '../../charts/use-worker-lines.ts'
import { formatNumber } from '../../format.ts'
import { driftRows } from '../../metrics/chart-rows.ts'
import type { MetricsStore } from '../../metrics/metrics-store.ts'
import { useLiveMetrics } from '../../metrics/use-live-metrics.ts'
import { useStaleSeconds } from '../../metrics/use-stale-seconds.ts'
import { isActive } from '../../state.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'

const { workers: words } = texts

const evaluationsOf = (metrics: MetricsStore) => metrics.evaluationCount

/** Cosine between each worker's update and the mean update, evaluation by evaluation. */
export function DriftChart() {
  const run = useLab((state) => state.run)
  const axis = useLab((state) => state.xAxis)
  const lines = useWorkerLines()
  const { metrics, revision } = useLiveMetrics(1, evaluationsOf)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the metrics are filled in place; the revision says when
  const rows = useMemo(() => driftRows(metrics, axis), [metrics, axis, revision])
  const stale = useStaleSeconds() !== null
  return (
    <LineChartCard
      title={words.drift}
      unit={words.driftUnit}
      help={words.driftHelp}
      rows={rows}
      lines={lines}
      format={formatNumber}
      fromZero
      xUnit={texts.xAxisUnits[axis]}
      empty={!run ? texts.charts.empty : isActive(run) ? words.driftEmpty : words.driftNone}
      stale={stale}
    />
  )
}
