import type { WorkerMetrics } from '../../metrics/metrics-store.ts'

const POINTS = 32

/** Loss of a worker over its steps so far, as at most 32 means over equal stretches; what is not finite is left out. */
export function lossCurve({ steps }: Pick<WorkerMetrics, 'steps'>): number[] {
  const points = Math.min(POINTS, steps.length)
  const curve: number[] = []
  for (let point = 0; point < points; point++) {
    let sum = 0
    let count = 0
    const end = Math.floor(((point + 1) * steps.length) / points)
    for (let row = Math.floor((point * steps.length) / points); row < end; row++) {
      const loss = steps.at(row, 'loss')
      if (!Number.isFinite(loss)) continue
      sum += loss
      count++
    }
    if (count > 0) curve.push(sum / count)
  }
  return curve
}
