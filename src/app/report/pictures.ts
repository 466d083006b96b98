import { chartDefinitions, unitOf, workerLines } from '../charts/definitions.ts'
import type { XAxis } from '../metrics/chart-rows.ts'
import type { MetricsStore } from '../metrics/metrics-store.ts'
import type { Smoothing } from '../metrics/smoothing.ts'
import { curveOf } from '../runs/earlier-runs.ts'
import type { KeptRun } from '../runs/kept-run.ts'
import type { NamedRun } from '../runs/named-runs.ts'
import { texts } from '../texts/index.ts'
import type { ChartPicture } from './chart-svg.ts'

interface Shown {
  axis: XAxis
  smoothing: Smoothing
  /** whose lines are laid over it */
  earlier: readonly NamedRun[]
}

/** The charts of a run as they are drawn on screen, all but those that have nothing to show. */
export function picturesOf({ seats }: KeptRun, metrics: MetricsStore, { axis: chosen, smoothing: asked, earlier }: Shown): ChartPicture[] {
  const workers = workerLines(seats.map(({ name }) => name))
  const pictures = chartDefinitions.map((definition): ChartPicture => {
    const { look, rowsOf, linesOf, curve, axisOf, noisy } = definition
    const axis = axisOf(chosen)
    const smoothing = noisy ? asked : 'off'
    return {
      ...look,
      unit: unitOf(definition, smoothing),
      xUnit: texts.xAxisUnits[axis],
      rows: rowsOf(metrics, axis, smoothing),
      lines: linesOf(workers),
      earlier: earlier.map((run) => ({ ...run, points: curveOf(run, curve, axis, smoothing) })),
    }
  })
  return pictures.filter(({ rows, lines }) => rows.some((row) => lines.some(({ key }) => row[key] !== undefined)))
}
