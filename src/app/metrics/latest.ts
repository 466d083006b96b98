import type { MetricsStore } from './metrics-store.ts'

/** The last evaluation that was begun, over the workers that took part in it. Fractions, and bytes each has sent. */
export interface LatestEvaluation {
  step: number
  mean: number
  worst: number
  averaged: number
  consensusDistance: number
  /** payload and framing, mean over workers */
  sentBytes: number
}

/** Null before the first. A worker that was lost earlier has no say in it. */
export function latestEvaluation(metrics: MetricsStore): LatestEvaluation | null {
  const all = metrics.ranked().flatMap(({ evaluations }) => (evaluations.length > 0 ? [evaluations.row(evaluations.length - 1)] : []))
  const step = Math.max(...all.map((row) => row.step))
  const rows = all.filter((row) => row.step === step)
  if (rows.length === 0) return null
  const accuracies = rows.map((row) => row.accuracy)
  return {
    step,
    mean: meanOf(accuracies),
    worst: Math.min(...accuracies),
    averaged: rows[0].averagedAccuracy,
    consensusDistance: rows[0].consensusDistance,
    sentBytes: meanOf(rows.map((row) => row.payloadBytes + row.framingBytes)),
  }
}

/** Exact averaging leaves differences of about 1e-6 in single precision; nothing that training does is as small. */
const ROUNDING = 1e-5

/** Are models at this consensus distance equal but for rounding? */
export const isAgreement = (consensusDistance: number) => consensusDistance < ROUNDING

export const meanOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Accuracies by class at the last evaluation that was begun. */
export interface LatestByClass {
  step: number
  /** of those that took part in it, by rank */
  workers: { rank: number; accuracies: number[] }[]
  averaged: number[]
}

/** Null before the first evaluation. */
export function latestByClass(metrics: MetricsStore): LatestByClass | null {
  const evaluated = metrics.ranked().filter(({ evaluations }) => evaluations.length > 0)
  const step = Math.max(...evaluated.map(({ evaluations }) => evaluations.last('step')))
  const took = evaluated.filter(({ evaluations }) => evaluations.last('step') === step)
  const last = took.map(({ rank, byClass }) => ({ rank, ...byClass[byClass.length - 1] }))
  if (last.length === 0) return null
  return {
    step,
    workers: last.map(({ rank, classAccuracy }) => ({ rank, accuracies: classAccuracy })),
    averaged: last[0].averagedClassAccuracy,
  }
}
