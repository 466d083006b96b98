import { largestTriangles } from './downsample.ts'
import { isAgreement, meanOf } from './latest.ts'
import type { EvaluationColumn, MetricsStore, WorkerMetrics } from './metrics-store.ts'
import { type Smoothing, smoothedAt, smoothingWindows } from './smoothing.ts'

/** What runs along the bottom of the charts. */
export const xAxes = ['steps', 'epochs', 'megabytes', 'seconds'] as const
export type XAxis = (typeof xAxes)[number]

/** Points that one line may have on screen: about one for each pixel of a chart. */
export const MAX_POINTS = 320
/** Points that the lines of one chart may have together, or drawing would take longer than a page may be silent. */
const MAX_POINTS_TOGETHER = 4_000

const pointsPerLine = (lines: number) => Math.min(MAX_POINTS, Math.floor(MAX_POINTS_TOGETHER / Math.max(1, lines)))

/**
 * One position along the x axis, all lines at once: `step`, `x` (mean over the workers), `w0`, `w1`, ... and the lines of the
 * chart. A worker that has not reported the step has no key: a gap, not a zero.
 */
export type ChartRow = { x: number; step: number } & Record<string, number | undefined>

export const workerKey = (rank: number) => `w${rank}`

/** What a smoothed line was before, in the same row. */
export const rawKey = (key: string) => `raw ${key}`

/** Loss of each worker (mini-batch, by step) with the mean over workers as `mean`; smoothed ones with the raw values beside them. */
export function lossRows(metrics: MetricsStore, axis: XAxis, smoothing: Smoothing = 'off'): ChartRow[] {
  const rows = stepRows(metrics, axis, ({ steps }, row) => steps.at(row, 'loss'))
  if (smoothing === 'off') return rows
  const window = smoothingWindows.steps[smoothing]
  const means = metrics.stepMeans()
  const meanLosses = Float64Array.from({ length: means.length }, (_, row) => means.mean(row, 'loss'))
  smoothLine(rows, 'mean', meanLosses, (row) => row.step - 1, window)
  for (const { rank, steps } of metrics.ranked())
    smoothLine(rows, workerKey(rank), steps.column('loss'), (row) => steps.find('step', row.step), window)
  return rows
}

/** Smooths a line of these rows, over all its `values` also between them; `placeOf`: which of them is a row's. */
function smoothLine(rows: ChartRow[], key: string, values: ArrayLike<number>, placeOf: (row: ChartRow) => number, window: number): void {
  const own = rows.filter((row) => row[key] !== undefined)
  const smoothed = smoothedAt(values, own.map(placeOf), window)
  own.forEach((row, i) => {
    row[rawKey(key)] = row[key]
    row[key] = smoothed[i]
  })
}

/** Megabytes (10^6 bytes, payload and framing) each worker has sent, with the mean as `mean`. */
export function bytesRows(metrics: MetricsStore, axis: XAxis): ChartRow[] {
  // Against megabytes every line would be the diagonal.
  return stepRows(
    metrics,
    axis === 'megabytes' ? 'steps' : axis,
    ({ steps }, row) => (steps.at(row, 'payloadBytes') + steps.at(row, 'framingBytes')) / 1e6,
  )
}

function stepRows(metrics: MetricsStore, axis: XAxis, value: (worker: WorkerMetrics, row: number) => number): ChartRow[] {
  const means = metrics.stepMeans()
  const filled: number[] = []
  for (let row = 0; row < means.length; row++) if (means.count(row) > 0) filled.push(row)
  const xOf = (row: number) => {
    switch (axis) {
      case 'steps':
        return row + 1
      case 'epochs':
        return means.mean(row, 'epoch')
      case 'megabytes':
        return means.mean(row, 'bytes') / 1e6
      case 'seconds':
        return means.mean(row, 'seconds')
      default:
        axis satisfies never
        return Number.NaN
    }
  }
  const workers = metrics.ranked()
  const chosen = largestTriangles(
    filled.map((row) => row + 1),
    filled.map((row) => means.mean(row, 'loss')),
    pointsPerLine(workers.length),
  )
  return chosen.map((index) => {
    const row = filled[index]
    return rowOf(xOf(row), row + 1, workers, (worker) => {
      const found = worker.steps.find('step', row + 1)
      return found < 0 ? undefined : value(worker, found)
    })
  })
}

/** Test accuracy (percent) of each worker, `mean` and `worst` over workers, and the `averaged` model; smoothed ones as of the loss. */
export function accuracyRows(metrics: MetricsStore, axis: XAxis, smoothing: Smoothing = 'off'): ChartRow[] {
  const all = evaluationRows(metrics, axis, 'accuracy', 100)
  for (const row of all) row.averaged = percent(shared(metrics, row.step, 'averagedAccuracy'))
  const rows = drawnRows(metrics, all).map((row) => ({ ...row }))
  if (smoothing === 'off') return rows
  const placeOfStep = new Map(all.map(({ step }, place) => [step, place]))
  for (const key of [...metrics.ranked().map(({ rank }) => workerKey(rank)), 'mean', 'worst', 'averaged']) {
    const values = all.map((row) => row[key] ?? Number.NaN)
    smoothLine(rows, key, values, ({ step }) => placeOfStep.get(step) ?? Number.NaN, smoothingWindows.evaluations[smoothing])
  }
  return rows
}

/**
 * Consensus distance after each evaluation as `distance`: one number for all workers. Models that agree but for rounding have no place
 * on a log axis and are left out.
 */
export function consensusRows(metrics: MetricsStore, axis: XAxis): ChartRow[] {
  return drawnRows(metrics, evaluationRows(metrics, axis, 'accuracy', 1)).map(({ x, step }) => {
    const distance = shared(metrics, step, 'consensusDistance')
    return { x, step, distance: distance !== undefined && !isAgreement(distance) ? distance : undefined }
  })
}

/** Drift of each worker; evaluations without have no value. */
export const driftRows = (metrics: MetricsStore, axis: XAxis): ChartRow[] => drawnRows(metrics, evaluationRows(metrics, axis, 'drift', 1))

/** A row for every evaluation. */
function evaluationRows(metrics: MetricsStore, axis: XAxis, column: EvaluationColumn, factor: number): ChartRow[] {
  const workers = metrics.ranked()
  const steps = [
    ...new Set(workers.flatMap(({ evaluations }) => Array.from({ length: evaluations.length }, (_, i) => evaluations.at(i, 'step')))),
  ].sort((a, b) => a - b)
  return steps.map((step) => {
    const found = workers.map((worker) => ({ worker, row: worker.evaluations.find('step', step) })).filter(({ row }) => row >= 0)
    const x = meanOf(found.map(({ worker, row }) => xOfEvaluation(worker, row, axis)))
    const full = rowOf(x, step, workers, (worker) => {
      const row = worker.evaluations.find('step', step)
      return row < 0 ? undefined : worker.evaluations.at(row, column) * factor
    })
    full.worst = Math.min(...found.map(({ worker, row }) => worker.evaluations.at(row, column) * factor))
    return full
  })
}

/** Those of the rows that are drawn: the same whatever the axis. */
function drawnRows({ workers }: MetricsStore, rows: ChartRow[]): ChartRow[] {
  const chosen = largestTriangles(
    rows.map(({ step }) => step),
    rows.map(({ mean }) => mean ?? Number.NaN),
    pointsPerLine(workers.size),
  )
  return chosen.map((index) => rows[index])
}

function rowOf(x: number, step: number, workers: WorkerMetrics[], value: (worker: WorkerMetrics) => number | undefined): ChartRow {
  const row: ChartRow = { x, step }
  const values: number[] = []
  for (const worker of workers) {
    const y = value(worker)
    if (y === undefined || !Number.isFinite(y)) continue
    row[workerKey(worker.rank)] = y
    values.push(y)
  }
  if (values.length > 0) row.mean = meanOf(values)
  return row
}

function xOfEvaluation({ evaluations }: WorkerMetrics, row: number, axis: XAxis): number {
  switch (axis) {
    case 'steps':
      return evaluations.at(row, 'step')
    case 'epochs':
      return evaluations.at(row, 'epoch')
    case 'megabytes':
      return (evaluations.at(row, 'payloadBytes') + evaluations.at(row, 'framingBytes')) / 1e6
    case 'seconds':
      return evaluations.at(row, 'seconds')
    default:
      axis satisfies never
      return Number.NaN
  }
}

/** A number that every worker reports alike, from the first that has it. */
function shared(metrics: MetricsStore, step: number, column: EvaluationColumn): number | undefined {
  for (const { evaluations } of metrics.workers.values()) {
    const row = evaluations.find('step', step)
    if (row >= 0) return evaluations.at(row, column)
  }
  return undefined
}

const percent = (fraction: number | undefined) => (fraction === undefined ? undefined : fraction * 100)
