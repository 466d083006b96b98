import type { WorkerMetrics } from './metrics-store.ts'

/** Where a step's time goes; `exchange` is what is known of it only as a whole, in runs recorded before its parts were told apart. */
export const timeParts = ['compute', 'encode', 'send', 'wait', 'exchange'] as const
export type TimePart = (typeof timeParts)[number]

export interface StepTimes {
  /** milliseconds of a step, mean over the last steps */
  parts: Record<TimePart, number>
  totalMs: number
  /** how many steps that is the mean of */
  steps: number
}

/** Null before the first step. */
export function stepTimes({ steps }: WorkerMetrics, window: number): StepTimes | null {
  const first = Math.max(0, steps.length - window)
  const count = steps.length - first
  if (count === 0) return null
  const mean = (column: 'computeMs' | 'exchangeMs' | 'encodeMs' | 'sendMs' | 'waitMs') => {
    let sum = 0
    for (let row = first; row < steps.length; row++) sum += steps.at(row, column)
    return sum / count
  }
  const [compute, exchange, encode, send, wait] = [mean('computeMs'), mean('exchangeMs'), mean('encodeMs'), mean('sendMs'), mean('waitMs')]
  const known = Number.isFinite(encode + send + wait)
  return {
    parts: known ? { compute, encode, send, wait, exchange: 0 } : { compute, encode: 0, send: 0, wait: 0, exchange },
    totalMs: compute + exchange,
    steps: count,
  }
}
