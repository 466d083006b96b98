import type { EvaluationEvent, FinishedEvent, StepEvent } from '../engine/index.ts'
import { zeroPayload } from '../p2p/index.ts'

export const stepEvent = (rank: number, step: number, more: Partial<StepEvent> = {}): StepEvent => ({
  type: 'step',
  rank,
  step,
  epoch: step / 10,
  loss: 2 + rank,
  learningRate: 0.1,
  computeMs: 5,
  exchangeMs: 1,
  encodeMs: 0.5,
  sendMs: 0.2,
  waitMs: 0.3,
  payloadBytes: step * 1e6,
  framingBytes: 0,
  payloadByKind: { ...zeroPayload(), model: step * 0.75e6, momentum: step * 0.25e6 },
  seconds: step / 2,
  ...more,
})

export const evaluationEvent = (rank: number, step: number, more: Partial<EvaluationEvent> = {}): EvaluationEvent => ({
  type: 'evaluation',
  rank,
  step,
  epoch: step / 10,
  accuracy: 0.5 - rank / 10,
  loss: 1,
  averagedAccuracy: 0.6,
  averagedLoss: 0.9,
  classAccuracy: [1, 0],
  averagedClassAccuracy: [1, 0.2],
  consensusDistance: 0.25,
  drift: null,
  trackerError: null,
  payloadBytes: step * 1e6,
  framingBytes: 0,
  seconds: step / 2,
  ...more,
})

export const finishedEvent = (rank: number, steps: number, more: Partial<FinishedEvent> = {}): FinishedEvent => ({
  type: 'finished',
  rank,
  steps,
  parameters: 10,
  serverScalars: { up: 0, down: 0 },
  parametersSha256: 'ab'.repeat(32),
  sentBytes: { payload: steps * 1e6, framing: 0, control: 7, byKind: { ...zeroPayload(), model: steps * 1e6 } },
  imagesPerSecond: 9,
  seconds: steps / 2,
  ...more,
})
