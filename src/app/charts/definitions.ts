import { formatNumber, formatPlace } from '../format.ts'
import { accuracyRows, bytesRows, type ChartRow, consensusRows, lossRows, workerKey, type XAxis } from '../metrics/chart-rows.ts'
import type { MetricsStore } from '../metrics/metrics-store.ts'
import type { Smoothing } from '../metrics/smoothing.ts'
import type { CurveName } from '../runs/earlier-runs.ts'
import { texts } from '../texts/index.ts'
import { workerColor } from '../theme.ts'
import type { ChartLine, ChartProps } from './chart-props.ts'

export type ChartName = 'accuracy' | 'loss' | 'consensus' | 'bytes' | 'price'

/** One of the charts, on screen and in pictures: what it shows and how. */
export interface ChartDefinition {
  name: ChartName
  look: Pick<ChartProps, 'title' | 'unit' | 'help' | 'format' | 'formatTick' | 'log' | 'fromZero'>
  rowsOf(metrics: MetricsStore, axis: XAxis, smoothing: Smoothing): ChartRow[]
  /** its line of an earlier run */
  curve: CurveName
  linesOf(workers: ChartLine[]): ChartLine[]
  /** what runs along its bottom when the axis is chosen */
  axisOf(chosen: XAxis): XAxis
  /** changes with what the chart shows */
  revisionOf(metrics: MetricsStore): number
  /** its lines can be smoothed */
  noisy?: boolean
}

const percent = (value: number) => `${value.toFixed(1)} %`
const percentTick = (value: number) => `${value} %`
const powerTick = (value: number) => (value < 1e-3 || value >= 1e4 ? value.toExponential() : formatPlace(value))
const megabytes = (value: number) => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} MB`

const mean: ChartLine = { key: 'mean', name: texts.lines.mean, rank: null, color: 'var(--mean)', width: 2 }
const worst: ChartLine = { key: 'worst', name: texts.lines.worst, rank: null, color: 'var(--mean)', width: 1.5, dash: '1.5 3' }
const averaged: ChartLine = { key: 'averaged', name: texts.lines.averaged, rank: null, color: 'var(--accent)', width: 2.5, dash: '7 4' }
const distance: ChartLine = { key: 'distance', name: texts.lines.distance, rank: null, color: 'var(--accent)', width: 2 }

/** The line of each worker, by rank. */
export const workerLines = (names: readonly string[]): ChartLine[] =>
  names.map((name, rank) => ({ key: workerKey(rank), name, rank, color: workerColor(rank), width: 1.25 }))

/** What stands after its title; a line that is not what was measured says so. */
export const unitOf = ({ look: { unit } }: ChartDefinition, smoothing: Smoothing): string | undefined =>
  smoothing === 'off' ? unit : [...(unit ? [unit] : []), texts.smoothing[smoothing]].join(', ')

const asChosen = (chosen: XAxis) => chosen
const stepsOf = ({ stepCount }: MetricsStore) => stepCount
const evaluationsOf = ({ evaluationCount }: MetricsStore) => evaluationCount

/** In the order of the dashboard. */
export const chartDefinitions: readonly ChartDefinition[] = [
  {
    name: 'accuracy',
    look: {
      title: texts.charts.accuracy,
      help: texts.chartHelp.accuracy,
      format: percent,
      formatTick: percentTick,
      fromZero: true,
    },
    rowsOf: accuracyRows,
    curve: 'accuracy',
    linesOf: (workers) => [...workers, ...(workers.length > 1 ? [worst, mean, averaged] : [])],
    axisOf: asChosen,
    revisionOf: evaluationsOf,
    noisy: true,
  },
  {
    name: 'loss',
    look: { title: texts.charts.loss, unit: 'nats', help: texts.chartHelp.loss, format: formatNumber },
    rowsOf: lossRows,
    curve: 'loss',
    linesOf: (workers) =>
      workers.length > 1
        ? [...workers.map((line) => ({ ...line, faint: true })), mean]
        : workers.map((line) => ({ ...line, faint: false })),
    axisOf: asChosen,
    revisionOf: stepsOf,
    noisy: true,
  },
  {
    name: 'consensus',
    look: {
      title: texts.charts.consensus,
      unit: 'log axis',
      help: texts.chartHelp.consensus,
      format: formatNumber,
      formatTick: powerTick,
      log: true,
    },
    rowsOf: consensusRows,
    curve: 'consensus',
    linesOf: () => [distance],
    axisOf: asChosen,
    revisionOf: evaluationsOf,
  },
  {
    name: 'bytes',
    look: {
      title: texts.charts.bytes,
      unit: 'MB per worker',
      help: texts.chartHelp.bytes,
      format: megabytes,
      formatTick: formatNumber,
      fromZero: true,
    },
    rowsOf: bytesRows,
    curve: 'bytes',
    linesOf: (workers) => workers,
    // Against megabytes every line would be the diagonal.
    axisOf: (chosen) => (chosen === 'megabytes' ? 'steps' : chosen),
    revisionOf: stepsOf,
  },
  {
    name: 'price',
    look: {
      title: texts.charts.price,
      help: texts.chartHelp.price,
      format: percent,
      formatTick: percentTick,
      fromZero: true,
    },
    // One worker sends nothing: there is no price.
    rowsOf: (metrics, _, smoothing) => (metrics.workers.size > 1 ? accuracyRows(metrics, 'megabytes', smoothing) : []),
    curve: 'accuracy',
    linesOf: (workers) => (workers.length > 1 ? [worst, mean, averaged] : workers),
    axisOf: () => 'megabytes',
    revisionOf: evaluationsOf,
    noisy: true,
  },
]
