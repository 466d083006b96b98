import { describe, expect, it } from 'vitest'
import { zeroPayload } from '../../p2p/index.ts'
import { MetricsStore } from './metrics-store.ts'
import { stepTimes } from './step-times.ts'

const withSteps = (...steps: { computeMs: number; encodeMs: number; sendMs: number; waitMs: number }[]) => {
  const metrics = new MetricsStore()
  steps.forEach((times, i) => {
    metrics.add({
      type: 'step',
      ...{ rank: 0, step: i + 1, epoch: 0, loss: 1, learningRate: 1, payloadBytes: 0, framingBytes: 0, seconds: i },
      ...times,
      exchangeMs: 10,
      payloadByKind: zeroPayload(),
    })
  })
  return metrics.workers.get(0)
}

describe('stepTimes', () => {
  it('is the mean of the last steps', () => {
    const worker = withSteps(
      { computeMs: 100, encodeMs: 10, sendMs: 0, waitMs: 0 },
      { computeMs: 4, encodeMs: 2, sendMs: 1, waitMs: 7 },
      { computeMs: 8, encodeMs: 4, sendMs: 1, waitMs: 5 },
    )
    expect(worker && stepTimes(worker, 2)).toEqual({
      parts: { compute: 6, encode: 3, send: 1, wait: 6, exchange: 0 },
      totalMs: 16,
      steps: 2,
    })
    expect(worker && stepTimes(worker, 20)?.steps).toBe(3)
  })

  it('does not divide what was recorded as a whole', () => {
    const unknown = { encodeMs: Number.NaN, sendMs: Number.NaN, waitMs: Number.NaN }
    const worker = withSteps({ computeMs: 4, ...unknown })
    expect(worker && stepTimes(worker, 2)).toEqual({
      parts: { compute: 4, encode: 0, send: 0, wait: 0, exchange: 10 },
      totalMs: 14,
      steps: 1,
    })
  })
})
