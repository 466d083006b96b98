import { SegmentedControl } from '@mantine/core'
import { memo, useMemo } from 'react'
import { type ChartLine, type ChartProps, type EarlierLine, LineChartCard } from '../charts/LineChartCard.tsx'
import { workersOf } from '../cluster-view.ts'
import { simulatedWorkers } from '../form/check-run.ts'
import { formatNumber, formatPlace } from '../format.ts'
import { accuracyRows, bytesRows, type ChartRow, consensusRows, lossRows, workerKey, type XAxis, xAxes } from '../metrics/chart-rows.ts'
import type { MetricsStore } from '../metrics/metrics-store.ts'
import { useLiveMetrics } from '../metrics/use-live-metrics.ts'
import type { CurveName } from '../runs/earlier-runs.ts'
import { isActive, type RunState, useLab } from '../store.ts'
import { emptyText, texts } from '../texts.ts'
import { workerColor } from '../theme.ts'
import { Marker } from '../widgets/Marker.tsx'
import { EarlierRuns, type NamedRun, useEarlierRuns } from './EarlierRuns.tsx'
import { Numbers } from './Numbers.tsx'
import { useStaleSeconds } from './RunProgress.tsx'

const percent = (value: number) => `${value.toFixed(1)} %`
const percentTick = (value: number) => `${value} %`
const powerTick = (value: number) => (value < 1e-3 || value >= 1e4 ? value.toExponential() : formatPlace(value))
const megabytes = (value: number) => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} MB`

const mean: ChartLine = { key: 'mean', name: texts.lines.mean, rank: null, color: 'var(--mean)', width: 2 }
const worst: ChartLine = { key: 'worst', name: texts.lines.worst, rank: null, color: 'var(--mean)', width: 1.5, dash: '1.5 3' }
const averaged: ChartLine = { key: 'averaged', name: texts.lines.averaged, rank: null, color: 'var(--accent)', width: 2.5, dash: '7 4' }
const distance: ChartLine = { key: 'distance', name: texts.lines.distance, rank: null, color: 'var(--accent)', width: 2 }
const consensusLines = [distance]

/** The five charts and the numbers, over one x axis; beside the run's own lines one line of each earlier run. */
export function Charts() {
  const axis = useLab((state) => state.xAxis)
  const run = useLab((state) => state.run)
  const evaluated = useLab(({ metrics }) => metrics.evaluationCount > 0)
  const nextEvaluation = useLab(({ metrics, run }) => run && nextEvaluationStep(run, metrics.maxStep))
  const workers = useWorkerLines()
  const earlier = useEarlierRuns()
  const stale = useStaleSeconds() !== null
  const alone = run?.seats.length === 1
  const xUnit = texts.xAxisUnits[axis]
  const empty = emptyText(run)
  const emptyEvaluation = run && isActive(run) ? evaluationText(run, nextEvaluation) : empty
  const lossLines = useMemo(
    () => [...workers.map((line) => ({ ...line, faint: workers.length > 1 })), ...(workers.length > 1 ? [mean] : [])],
    [workers],
  )
  const accuracyLines = useMemo(() => [...workers, ...(workers.length > 1 ? [worst, mean, averaged] : [])], [workers])
  const priceLines = useMemo(() => (workers.length > 1 ? [worst, mean, averaged] : workers), [workers])
  return (
    <div className="charts">
      <ChartBar workers={workers} />
      <EarlierRuns runs={earlier} />
      <div className="chart-grid">
        <LiveChart
          slot={0}
          rowsOf={accuracyRows}
          earlierRuns={earlier}
          curve="accuracy"
          axis={axis}
          title={texts.charts.accuracy}
          help={texts.chartHelp.accuracy}
          revisionOf={evaluationsOf}
          lines={accuracyLines}
          format={percent}
          formatTick={percentTick}
          fromZero
          xUnit={xUnit}
          empty={emptyEvaluation}
          stale={stale}
        />
        <LiveChart
          slot={1}
          rowsOf={lossRows}
          earlierRuns={earlier}
          curve="loss"
          axis={axis}
          title={texts.charts.loss}
          help={texts.chartHelp.loss}
          revisionOf={stepsOf}
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
          earlierRuns={earlier}
          curve="consensus"
          axis={axis}
          title={texts.charts.consensus}
          help={texts.chartHelp.consensus}
          revisionOf={evaluationsOf}
          unit="log axis"
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
          earlierRuns={earlier}
          curve="bytes"
          axis={axis}
          title={texts.charts.bytes}
          help={texts.chartHelp.bytes}
          revisionOf={stepsOf}
          unit="MB per worker"
          lines={workers}
          format={megabytes}
          formatTick={formatNumber}
          fromZero
          xUnit={axis === 'megabytes' ? texts.xAxisUnits.steps : xUnit}
          empty={empty}
          stale={stale}
        />
        <LiveChart
          slot={4}
          rowsOf={alone ? noRows : accuracyRows}
          earlierRuns={earlier}
          curve="accuracy"
          axis="megabytes"
          title={texts.charts.price}
          help={texts.chartHelp.price}
          revisionOf={evaluationsOf}
          lines={priceLines}
          format={percent}
          formatTick={percentTick}
          fromZero
          xUnit={texts.xAxisUnits.megabytes}
          empty={alone ? (run.simulation ? texts.charts.emptyAloneSimulated : texts.charts.emptyAloneBytes) : emptyEvaluation}
          stale={stale}
        />
        <Numbers />
      </div>
    </div>
  )
}

const noRows = (): ChartRow[] => []

const stepsOf = (metrics: MetricsStore) => metrics.stepCount
const evaluationsOf = (metrics: MetricsStore) => metrics.evaluationCount

interface LiveChartProps extends Omit<ChartProps, 'rows' | 'earlier'> {
  /** the chart's place in the order of drawing */
  slot: number
  rowsOf(metrics: MetricsStore, axis: XAxis): ChartRow[]
  /** changes with what the chart shows */
  revisionOf(metrics: MetricsStore): number
  axis: XAxis
  earlierRuns: NamedRun[]
  /** the chart's line of an earlier run */
  curve: CurveName
}

/** A chart that follows the metrics of the run. */
const LiveChart = memo(function LiveChart({ slot, rowsOf, revisionOf, axis, earlierRuns, curve, ...chart }: LiveChartProps) {
  const { metrics, revision } = useLiveMetrics(slot, revisionOf)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the metrics are filled in place; the revision says when
  const rows = useMemo(() => rowsOf(metrics, axis), [rowsOf, metrics, axis, revision])
  const earlier = useMemo(
    () => earlierRuns.map(({ curves, ...run }): EarlierLine => ({ ...run, points: curves[curve][axis] })),
    [earlierRuns, curve, axis],
  )
  return <LineChartCard rows={rows} earlier={earlier} {...chart} />
})

/** A line of each worker, thin and in its color. */
export function useWorkerLines(): ChartLine[] {
  const room = useLab((state) => state.room)
  const run = useLab((state) => state.run)
  const planned = useLab(simulatedWorkers)
  const key = workersOf(room, run, planned)
    .map(({ name }) => name)
    .join('\n')
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

function consensusText(run: RunState | null, evaluated: boolean): string | null {
  if (run?.seats.length === 1) return texts.charts.emptyAlone
  return run && evaluated ? texts.charts.emptyEqual : null
}

/** The step of the next evaluation; null when that is the one at the end. */
function nextEvaluationStep({ config: { evaluateEvery, steps } }: RunState, step: number): number | null {
  if (evaluateEvery === 0) return null
  const next = (Math.floor(step / evaluateEvery) + 1) * evaluateEvery
  return next < steps ? next : null
}

function evaluationText({ phase }: RunState, step: number | null): string {
  if (phase === 'preparing') return texts.charts.emptyPreparing
  return step === null ? texts.charts.emptyAtEnd : texts.charts.emptyEvaluation(step)
}
