import { largestTriangles } from './downsample.ts'
import { isAgreement, meanOf } from './latest.ts'
import type { EvaluationColumn, MetricsStore, WorkerMetrics } from './metrics-store.ts'
import { type Smoothing, smoothed } from './smoothing.ts'

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
  const means = metrics.stepMeans()
  const lines = new Map([
    [
      'mean',
      smoothed(
        valuesOf(means.length, (row) => means.mean(row, 'loss')),
        smoothing,
      ),
    ],
  ])
  const workers = metrics.ranked()
  for (const { rank, steps } of workers)
    lines.set(
      workerKey(rank),
      smoothed(
        valuesOf(steps.length, (row) => steps.at(row, 'loss')),
        smoothing,
      ),
    )
  return rows.map((row) => {
    const all: ChartRow = { ...row }
    const put = (key: string, at: number) => {
      if (row[key] === undefined) return
      all[rawKey(key)] = row[key]
      all[key] = lines.get(key)?.[at]
    }
    put('mean', row.step - 1)
    for (const { rank, steps } of workers) put(workerKey(rank), steps.find('step', row.step))
    return all
  })
}

const valuesOf = (length: number, value: (row: number) => number) => Float64Array.from({ length }, (_, row) => value(row))

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

/** Test accuracy (percent) of each worker, `mean` and `worst` over workers, and the `averaged` model. */
export function accuracyRows(metrics: MetricsStore, axis: XAxis): ChartRow[] {
  return evaluationRows(metrics, axis, 'accuracy', 100).map((row) => ({
    ...row,
    averaged: percent(shared(metrics, row.step, 'averagedAccuracy')),
  }))
}

/**
 * Consensus distance after each evaluation as `distance`: one number for all workers. Models that agree but for rounding have no place
 * on a log axis and are left out.
 */
export function consensusRows(metrics: MetricsStore, axis: XAxis): ChartRow[] {
  return evaluationRows(metrics, axis, 'accuracy', 1).map(({ x, step }) => {
    const distance = shared(metrics, step, 'consensusDistance')
    return { x, step, distance: distance !== undefined && !isAgreement(distance) ? distance : undefined }
  })
}

/** Drift of each worker; evaluations without have no value. */
export const driftRows = (metrics: MetricsStore, axis: XAxis): ChartRow[] => evaluationRows(metrics, axis, 'drift', 1)

function evaluationRows(metrics: MetricsStore, axis: XAxis, column: EvaluationColumn, factor: number): ChartRow[] {
  const workers = metrics.ranked()
  const steps = [
    ...new Set(workers.flatMap(({ evaluations }) => Array.from({ length: evaluations.length }, (_, i) => evaluations.at(i, 'step')))),
  ].sort((a, b) => a - b)
  const rows = steps.map((step) => {
    const found = workers.map((worker) => ({ worker, row: worker.evaluations.find('step', step) })).filter(({ row }) => row >= 0)
    const x = meanOf(found.map(({ worker, row }) => xOfEvaluation(worker, row, axis)))
    const full = rowOf(x, step, workers, (worker) => {
      const row = worker.evaluations.find('step', step)
      return row < 0 ? undefined : worker.evaluations.at(row, column) * factor
    })
    full.worst = Math.min(...found.map(({ worker, row }) => worker.evaluations.at(row, column) * factor))
    return full
  })
  const chosen = largestTriangles(
    rows.map((row) => row.x),
    rows.map((row) => row.mean ?? Number.NaN),
    pointsPerLine(workers.length),
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
