import { SegmentedControl } from '@mantine/core'
import { useMemo } from 'react'
import { type ChartLine, LineChartCard } from '../charts/LineChartCard.tsx'
import { participants } from '../cluster-view.ts'
import { formatNumber } from '../format.ts'
import { accuracyRows, bytesRows, type ChartRow, consensusRows, lossRows, workerKey, type XAxis, xAxes } from '../metrics/chart-rows.ts'
import type { MetricsStore } from '../metrics/metrics-store.ts'
import { isActive, type RunState, useLab } from '../store.ts'
import { texts } from '../texts.ts'
import { workerColor } from '../theme.ts'
import { Marker } from '../widgets/Marker.tsx'
import { Numbers } from './Numbers.tsx'
import { useStaleSeconds } from './RunProgress.tsx'

const percent = (value: number) => `${value.toFixed(1)} %`
const percentTick = (value: number) => `${value} %`
const megabytes = (value: number) => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} MB`

const mean: ChartLine = { key: 'mean', name: texts.lines.mean, rank: null, color: 'var(--mean)', width: 2 }
const worst: ChartLine = { key: 'worst', name: texts.lines.worst, rank: null, color: 'var(--mean)', width: 1.5, dash: '1.5 3' }
const averaged: ChartLine = { key: 'averaged', name: texts.lines.averaged, rank: null, color: 'var(--accent)', width: 2.5, dash: '7 4' }
const distance: ChartLine = { key: 'distance', name: texts.lines.distance, rank: null, color: 'var(--accent)', width: 2 }

/** The five charts and the numbers, over one x axis. */
export function Charts() {
  const axis = useLab((state) => state.xAxis)
  const run = useLab((state) => state.run)
  const workers = useWorkerLines()
  const stale = useStaleSeconds() !== null
  const xUnit = texts.xAxisUnits[axis]
  const empty = emptyText(run)
  const emptyEvaluation = run && isActive(run) ? evaluationText(run) : empty
  const lossLines = useMemo(() => [...workers.map((line) => ({ ...line, faint: workers.length > 1 })), ...(workers.length > 1 ? [mean] : [])], [workers])
  const accuracyLines = useMemo(() => [...workers, ...(workers.length > 1 ? [worst, mean, averaged] : [])], [workers])
  const priceLines = useMemo(() => (workers.length > 1 ? [worst, mean, averaged] : workers), [workers])
  const consensusLines = useMemo(() => [distance], [])
  return (
    <div className="charts">
      <ChartBar workers={workers} />
      <div className="chart-grid">
        <LineChartCard title={texts.charts.accuracy} xUnit={xUnit} rows={useRows(accuracyRows, axis)} lines={accuracyLines} format={percent} formatTick={percentTick} empty={emptyEvaluation} stale={stale} />
        <LineChartCard title={texts.charts.loss} unit="nats" xUnit={xUnit} rows={useRows(lossRows, axis)} lines={lossLines} format={formatNumber} empty={empty} stale={stale} />
        <LineChartCard
          title={texts.charts.consensus}
          unit="log"
          xUnit={xUnit}
          rows={useRows(consensusRows, axis)}
          lines={consensusLines}
          format={formatNumber}
          log
          empty={run && run.seats.length === 1 ? texts.charts.emptyAlone : emptyEvaluation}
          stale={stale}
        />
        <LineChartCard
          title={texts.charts.bytes}
          unit="MB per worker"
          xUnit={axis === 'megabytes' ? texts.xAxisUnits.steps : xUnit}
          rows={useRows(bytesRows, axis)}
          lines={workers}
          format={megabytes}
          formatTick={formatNumber}
          empty={empty}
          stale={stale}
        />
        <LineChartCard
          title={texts.charts.price}
          xUnit={texts.xAxisUnits.megabytes}
          rows={useRows(run?.seats.length === 1 ? noRows : accuracyRows, 'megabytes')}
          lines={priceLines}
          format={percent}
          formatTick={percentTick}
          empty={run?.seats.length === 1 ? texts.charts.emptyAloneBytes : emptyEvaluation}
          stale={stale}
        />
        <Numbers />
      </div>
    </div>
  )
}

const noRows = (): ChartRow[] => []

/** Recomputed when there are new metrics, which is at most four times a second. */
function useRows(rowsOf: (metrics: MetricsStore, axis: XAxis) => ChartRow[], axis: XAxis): ChartRow[] {
  const metrics = useLab((state) => state.metrics)
  const version = useLab((state) => state.metricsVersion)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the metrics are filled in place; the version says when
  return useMemo(() => rowsOf(metrics, axis), [rowsOf, metrics, axis, version])
}

function useWorkerLines(): ChartLine[] {
  const room = useLab((state) => state.room)
  const run = useLab((state) => state.run)
  const names = participants(room, run).flatMap(({ rank, name }) => (rank === null ? [] : [name]))
  const key = names.join('\n')
  return useMemo(
    () => (key === '' ? [] : key.split('\n').map((name, rank): ChartLine => ({ key: workerKey(rank), name, rank, color: workerColor(rank), width: 1.25 }))),
    [key],
  )
}

function ChartBar({ workers }: { workers: ChartLine[] }) {
  const axis = useLab((state) => state.xAxis)
  return (
    <div className="chart-bar">
      <ul className="worker-legend" aria-label="Workers">
        {workers.map(({ rank, name }) => (
          <li key={rank}>
            <Marker rank={rank ?? 0} />
            {name}
          </li>
        ))}
      </ul>
      <SegmentedControl
        size="xs"
        aria-label="Horizontal axis of the charts"
        data={xAxes.map((value) => ({ value, label: texts.xAxis[value] }))}
        value={axis}
        onChange={(value) => useLab.setState({ xAxis: value })}
      />
    </div>
  )
}

function emptyText(run: RunState | null): string {
  return run && isActive(run) ? texts.charts.emptyPreparing : texts.charts.empty
}

function evaluationText({ phase, config: { evaluateEvery, steps } }: RunState): string {
  if (phase === 'preparing') return texts.charts.emptyPreparing
  return evaluateEvery === 0 || evaluateEvery >= steps ? texts.charts.emptyAtEnd : texts.charts.emptyEvaluation(evaluateEvery)
}
