import type { RunConfig } from '../../engine/index.ts'
import { accuracyRows, bytesRows, type ChartRow, consensusRows, lossRows, type XAxis, xAxes } from '../metrics/chart-rows.ts'
import type { MetricsStore } from '../metrics/metrics-store.ts'
import { type Smoothing, smoothings } from '../metrics/smoothing.ts'
import type { RunState } from '../state.ts'
import { texts } from '../texts/index.ts'
import { figuresOf, type RunFigures } from './kept-run.ts'
import { freeLook, type RunLook, runLooks } from './looks.ts'

/** The line of each chart that stands for a whole run. */
const curves = {
  accuracy: { rowsOf: accuracyRows, key: 'averaged' },
  loss: { rowsOf: lossRows, key: 'mean' },
  consensus: { rowsOf: consensusRows, key: 'distance' },
  bytes: { rowsOf: bytesRows, key: 'mean' },
} satisfies Record<string, { rowsOf(metrics: MetricsStore, axis: XAxis, smoothing: Smoothing): ChartRow[]; key: string }>

export type CurveName = keyof typeof curves

/** A point of such a line, over any axis and with any smoothing. */
interface KeptPoint {
  x: Record<XAxis, number>
  y: Record<Smoothing, number>
}

/** A point as it is drawn; `raw`: what was measured, where `y` is smoothed. */
export interface CurvePoint {
  x: number
  y: number
  raw?: number
}

/** The line of a run in one chart. */
export const curveOf = ({ curves }: Pick<EarlierRun, 'curves'>, name: CurveName, axis: XAxis, smoothing: Smoothing): CurvePoint[] =>
  curves[name].map(({ x, y }) => ({ x: x[axis], y: y[smoothing], ...(smoothing !== 'off' && { raw: y.off }) }))

/** A run that was on screen before: of all its metrics, which may be many megabytes, only what is still drawn. */
export interface EarlierRun {
  id: string
  config: RunConfig
  /** of its lines, as long as they are shown */
  look: RunLook
  /** by the user; others came by themselves when the next run began, and go by themselves */
  chosen: boolean
  curves: Record<CurveName, KeptPoint[]>
  figures: RunFigures
}

/** So many runs can be compared with the one on screen. */
export const MOST_COMPARED = runLooks.length

type Identified = Pick<RunState, 'id' | 'config'>

/** A run that the user lays over the charts; newest first. @throws Error when no place is free */
export function withChosen(earlier: readonly EarlierRun[], run: Identified, metrics: MetricsStore): readonly EarlierRun[] {
  const look = freeLook(earlier)
  if (!look) throw new Error(texts.runs.full)
  return [earlierRun(run, metrics, look, true), ...earlier]
}

/**
 * The run before the one that begins; newest first. Where no place is free, the oldest that was not chosen makes room; where all were, they
 * stay and it gets none. Nor does a run without an evaluation, which has no curve to compare with.
 */
export function withPrevious(earlier: readonly EarlierRun[], run: Identified, metrics: MetricsStore): readonly EarlierRun[] {
  if (metrics.evaluationCount === 0 || earlier.some(({ id }) => id === run.id)) return earlier
  const leaves = freeLook(earlier) ? undefined : earlier.findLast(({ chosen }) => !chosen)
  const stay = earlier.filter((other) => other !== leaves)
  const look = freeLook(stay)
  return look ? [earlierRun(run, metrics, look, false), ...stay] : earlier
}

const earlierRun = ({ id, config }: Identified, metrics: MetricsStore, look: RunLook, chosen: boolean): EarlierRun => ({
  id,
  config,
  look,
  chosen,
  curves: curvesOf(metrics),
  figures: figuresOf(metrics),
})

function curvesOf(metrics: MetricsStore): EarlierRun['curves'] {
  return mapOf(Object.keys(curves) as CurveName[], (name): KeptPoint[] => {
    const { rowsOf, key } = curves[name]
    const overAxis = mapOf(xAxes, (axis) => rowsOf(metrics, axis, 'off'))
    const smoothed = mapOf(smoothings, (smoothing) => rowsOf(metrics, 'steps', smoothing))
    // The same points are drawn whatever the axis and the smoothing.
    return smoothed.off.flatMap(({ [key]: raw }, i) =>
      raw === undefined
        ? []
        : [{ x: mapOf(xAxes, (axis) => overAxis[axis][i].x), y: mapOf(smoothings, (smoothing) => smoothed[smoothing][i][key] ?? raw) }],
    )
  })
}

const mapOf = <K extends string, V>(keys: readonly K[], value: (key: K) => V) =>
  Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, V>
