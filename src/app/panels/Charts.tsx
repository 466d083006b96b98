import { SegmentedControl } from '@mantine/core'
import { memo, useEffect, useMemo, useState } from 'react'
import { type ChartLine, type ChartProps, LineChartCard } from '../charts/LineChartCard.tsx'
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
const powerTick = (value: number) =>
  value < 1e-3 || value >= 1e4 ? value.toExponential() : value.toLocaleString('en-US', { maximumFractionDigits: 3 })
const megabytes = (value: number) => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} MB`

const mean: ChartLine = { key: 'mean', name: texts.lines.mean, rank: null, color: 'var(--mean)', width: 2 }
const worst: ChartLine = { key: 'worst', name: texts.lines.worst, rank: null, color: 'var(--mean)', width: 1.5, dash: '1.5 3' }
const averaged: ChartLine = { key: 'averaged', name: texts.lines.averaged, rank: null, color: 'var(--accent)', width: 2.5, dash: '7 4' }
const distance: ChartLine = { key: 'distance', name: texts.lines.distance, rank: null, color: 'var(--accent)', width: 2 }
const consensusLines = [distance]

/** The five charts and the numbers, over one x axis. */
export function Charts() {
  const axis = useLab((state) => state.xAxis)
  const run = useLab((state) => state.run)
  const evaluated = useLab(({ metrics }) => metrics.ranked().some(({ evaluations }) => evaluations.length > 0))
  const workers = useWorkerLines()
  const stale = useStaleSeconds() !== null
  const alone = run?.seats.length === 1
  const xUnit = texts.xAxisUnits[axis]
  const empty = emptyText(run)
  const emptyEvaluation = run && isActive(run) ? evaluationText(run) : empty
  const lossLines = useMemo(
    () => [...workers.map((line) => ({ ...line, faint: workers.length > 1 })), ...(workers.length > 1 ? [mean] : [])],
    [workers],
  )
  const accuracyLines = useMemo(() => [...workers, ...(workers.length > 1 ? [worst, mean, averaged] : [])], [workers])
  const priceLines = useMemo(() => (workers.length > 1 ? [worst, mean, averaged] : workers), [workers])
  return (
    <div className="charts">
      <ChartBar workers={workers} />
      <div className="chart-grid">
        <LiveChart
          slot={0}
          rowsOf={accuracyRows}
          axis={axis}
          title={texts.charts.accuracy}
          lines={accuracyLines}
          format={percent}
          formatTick={percentTick}
          xUnit={xUnit}
          empty={emptyEvaluation}
          stale={stale}
        />
        <LiveChart
          slot={1}
          rowsOf={lossRows}
          axis={axis}
          title={texts.charts.loss}
          unit="nats"
          lines={lossLines}
          format={formatNumber}
          xUnit={xUnit}
          empty={empty}
          stale={stale}
        />
        <LiveChart
          slot={2}
          rowsOf={consensusRows}
          axis={axis}
          title={texts.charts.consensus}
          unit="log"
          lines={consensusLines}
          format={formatNumber}
          formatTick={powerTick}
          log
          xUnit={xUnit}
          empty={consensusText(run, evaluated) ?? emptyEvaluation}
          stale={stale}
        />
        <LiveChart
          slot={3}
          rowsOf={bytesRows}
          axis={axis}
          title={texts.charts.bytes}
          unit="MB per worker"
          lines={workers}
          format={megabytes}
          formatTick={formatNumber}
          xUnit={axis === 'megabytes' ? texts.xAxisUnits.steps : xUnit}
          empty={empty}
          stale={stale}
        />
        <LiveChart
          slot={4}
          rowsOf={alone ? noRows : accuracyRows}
          axis="megabytes"
          title={texts.charts.price}
          lines={priceLines}
          format={percent}
          formatTick={percentTick}
          xUnit={texts.xAxisUnits.megabytes}
          empty={alone ? texts.charts.emptyAloneBytes : emptyEvaluation}
          stale={stale}
        />
        <Numbers />
      </div>
    </div>
  )
}

const noRows = (): ChartRow[] => []

/** Charts are drawn one after another, so that none of them keeps the page from answering for long. */
const SLOT_MS = 40

interface LiveChartProps extends Omit<ChartProps, 'rows'> {
  /** the chart's place in the order of drawing */
  slot: number
  rowsOf(metrics: MetricsStore, axis: XAxis): ChartRow[]
  axis: XAxis
}

/** A chart that follows the metrics of the run. */
const LiveChart = memo(function LiveChart({ slot, rowsOf, axis, ...chart }: LiveChartProps) {
  const [{ metrics, metricsVersion }, setSeen] = useState(useLab.getState)
  useEffect(() => {
    let due: ReturnType<typeof setTimeout> | undefined
    const stop = useLab.subscribe((state, before) => {
      if (state.metricsVersion === before.metricsVersion && state.metrics === before.metrics) return
      clearTimeout(due)
      due = setTimeout(() => setSeen(useLab.getState()), slot * SLOT_MS)
    })
    return () => {
      clearTimeout(due)
      stop()
    }
  }, [slot])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the metrics are filled in place; the version says when
  const rows = useMemo(() => rowsOf(metrics, axis), [rowsOf, metrics, axis, metricsVersion])
  return <LineChartCard rows={rows} {...chart} />
})

function useWorkerLines(): ChartLine[] {
  const room = useLab((state) => state.room)
  const run = useLab((state) => state.run)
  const names = participants(room, run).flatMap(({ rank, name }) => (rank === null ? [] : [name]))
  const key = names.join('\n')
  return useMemo(
    () =>
      key === ''
        ? []
        : key.split('\n').map((name, rank): ChartLine => ({ key: workerKey(rank), name, rank, color: workerColor(rank), width: 1.25 })),
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
  if (!run) return texts.charts.empty
  return isActive(run) ? texts.charts.emptyPreparing : texts.charts.emptyOver
}

function consensusText(run: RunState | null, evaluated: boolean): string | null {
  if (run?.seats.length === 1) return texts.charts.emptyAlone
  return run && evaluated ? texts.charts.emptyEqual : null
}

function evaluationText({ phase, config: { evaluateEvery, steps } }: RunState): string {
  if (phase === 'preparing') return texts.charts.emptyPreparing
  return evaluateEvery === 0 || evaluateEvery >= steps ? texts.charts.emptyAtEnd : texts.charts.emptyEvaluation(evaluateEvery)
}
