import type { RunConfig } from '../../engine/index.ts'
import { accuracyRows, bytesRows, type ChartRow, consensusRows, lossRows, type XAxis, xAxes } from '../metrics/chart-rows.ts'
import type { MetricsStore } from '../metrics/metrics-store.ts'
import type { RunState } from '../store.ts'
import { figuresOf, type RunFigures } from './kept-run.ts'

/** Lines of earlier runs are grey like what is past; told apart by their dashes. More would be told apart by nobody. */
const dashes = ['14 4', '8 3 2 3', '5 2 2 2 2 2'] as const

/** The line of each chart that stands for a whole run. */
const curves = {
  accuracy: { rowsOf: accuracyRows, key: 'averaged' },
  loss: { rowsOf: lossRows, key: 'mean' },
  'loss moderate': { rowsOf: (metrics, axis) => lossRows(metrics, axis, 'moderate'), key: 'mean' },
  'loss strong': { rowsOf: (metrics, axis) => lossRows(metrics, axis, 'strong'), key: 'mean' },
  consensus: { rowsOf: consensusRows, key: 'distance' },
  bytes: { rowsOf: bytesRows, key: 'mean' },
} satisfies Record<string, { rowsOf(metrics: MetricsStore, axis: XAxis): ChartRow[]; key: string }>

export type CurveName = keyof typeof curves
export type Curve = { x: number; y: number }[]

/** A run that was on screen before: of all its metrics, which may be many megabytes, only what is still drawn. */
export interface EarlierRun {
  id: string
  config: RunConfig
  /** of its lines, as long as they are shown */
  dash: (typeof dashes)[number]
  curves: Record<CurveName, Record<XAxis, Curve>>
  figures: RunFigures
}

/** Newest first. A run without an evaluation has no curve to compare with. */
export function withEarlier(
  earlier: readonly EarlierRun[],
  { id, config }: Pick<RunState, 'id' | 'config'>,
  metrics: MetricsStore,
): readonly EarlierRun[] {
  if (metrics.evaluationCount === 0) return earlier
  const kept = earlier.slice(0, dashes.length - 1)
  const dash = dashes.find((candidate) => kept.every((run) => run.dash !== candidate)) ?? dashes[0]
  return [{ id, config, dash, curves: curvesOf(metrics), figures: figuresOf(metrics) }, ...kept]
}

function curvesOf(metrics: MetricsStore): EarlierRun['curves'] {
  const of = (name: CurveName) => {
    const { rowsOf, key } = curves[name]
    return mapOf(xAxes, (axis) => rowsOf(metrics, axis).flatMap(({ x, [key]: y }) => (y === undefined ? [] : [{ x, y }])))
  }
  return mapOf(Object.keys(curves) as CurveName[], of)
}

const mapOf = <K extends string, V>(keys: readonly K[], value: (key: K) => V) =>
  Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, V>
