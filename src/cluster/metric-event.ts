import { z } from 'zod'
import type { MetricEvent } from '../engine/index.ts'
import { measured } from './measured.ts'

const text = z.string().max(2_000)
const count = z.int().min(0)
/** Not in files from before there was such a thing. */
const newer = measured.default(Number.NaN)
const newerOrNull = z.number().nullable().default(null)

const bytes = { payloadBytes: count, framingBytes: count, seconds: measured }
const byKind = z.strictObject({ model: count, momentum: count, tracker: count, gradient: count, residual: count, state: count })

const byClass = z.array(measured).max(1_000)

const metricEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('step'),
    rank: count,
    step: count,
    epoch: measured,
    loss: measured,
    learningRate: measured,
    computeMs: measured,
    exchangeMs: measured,
    encodeMs: newer,
    sendMs: newer,
    waitMs: newer,
    ...bytes,
    payloadByKind: byKind,
  }),
  z.strictObject({
    type: z.literal('evaluation'),
    rank: count,
    step: count,
    epoch: measured,
    accuracy: measured,
    loss: measured,
    averagedAccuracy: measured,
    averagedLoss: measured,
    classAccuracy: byClass,
    averagedClassAccuracy: byClass,
    consensusDistance: measured,
    drift: newerOrNull,
    trackerError: newerOrNull,
    ...bytes,
  }),
  z.strictObject({ type: z.literal('view'), rank: count, step: count, view: count, members: count, message: text }),
  z.strictObject({
    type: z.literal('finished'),
    rank: count,
    steps: count,
    parameters: count,
    parametersSha256: z.string().regex(/^[0-9a-f]{64}$/),
    sentBytes: z.strictObject({ payload: count, framing: count, control: count, byKind }),
    // quantized messages count fractions of a float
    serverScalars: z.strictObject({ up: z.number().min(0), down: z.number().min(0) }),
    imagesPerSecond: measured,
    seconds: measured,
  }),
])

/** The event, or null for anything that is none. */
export function readMetricEvent(value: unknown): MetricEvent | null {
  const result = metricEvent.safeParse(value)
  return result.success ? result.data : null
}
