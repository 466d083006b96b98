import { beforeAll, describe, expect, it } from 'vitest'
import {
  type Backend,
  chooseBackend,
  type EvaluationEvent,
  type Insight,
  openBackend,
  parseRunConfig,
  type RunConfigInput,
  SHARD_SAMPLE,
  STRIP_PICTURES,
  type StepEvent,
} from '../engine/index.ts'
import { readMetricEvent } from './metric-event.ts'
import { createSimulation } from './simulation.ts'

const small: RunConfigInput = { workers: 3, trainImages: 300, testImages: 60, steps: 6, batchSize: 4, evaluateEvery: 2, topology: 'chain' }

let backend: Backend
beforeAll(async () => {
  backend = await openBackend(await chooseBackend('simd'))
})

async function run(change: RunConfigInput) {
  const insights: Insight[] = []
  const evaluations: EvaluationEvent[] = []
  const steps: StepEvent[] = []
  const simulation = await createSimulation({
    run: 'test',
    config: parseRunConfig({ ...small, ...change }),
    openDataset: () => Promise.reject(new Error('not asked for')),
    backend,
    onInsight: (insight) => insights.push(insight),
    onEvent(event) {
      if (event.type === 'evaluation') evaluations.push(event)
      if (event.type === 'step') steps.push(event)
    },
  })
  await simulation.run()
  simulation.dispose()
  return { insights, evaluations, steps }
}

describe('a run on screen', () => {
  it('shows all workers the same strip, each its own pictures, and what the models say after each evaluation', async () => {
    const { insights } = await run({ alpha: 0.1 })
    const pictures = insights.filter((insight) => insight.type === 'pictures')
    expect(pictures.map(({ rank }) => rank)).toEqual([0, 1, 2])
    for (const { strip, own } of pictures) {
      expect(strip).toEqual(pictures[0].strip)
      expect(strip.images).toHaveLength(STRIP_PICTURES * 3072)
      expect(own.labels).toHaveLength(SHARD_SAMPLE)
    }
    expect(new Set(pictures.map(({ own }) => `${own.labels}`)).size).toBe(3)
    const said = insights.filter((insight) => insight.type === 'predictions')
    expect(said.map(({ step }) => step)).toEqual([2, 2, 2, 4, 4, 4, 6, 6, 6])
    for (const [first, ...others] of [said.slice(0, 3), said.slice(6)])
      for (const { averagedStrip, averagedConfusion } of others)
        expect({ averagedStrip, averagedConfusion }).toEqual({
          averagedStrip: first.averagedStrip,
          averagedConfusion: first.averagedConfusion,
        })
  })
})

describe('drift in a run', () => {
  const last = (evaluations: EvaluationEvent[]) => evaluations.slice(-3).map(({ drift }) => drift)

  it('is 1 where all models are equal, and not known at first', async () => {
    const { evaluations } = await run({ algorithm: { id: 'dmsgd' } })
    expect(evaluations.slice(0, 3).map(({ drift }) => drift)).toEqual([null, null, null])
    for (const drift of last(evaluations)) expect(drift).toBeCloseTo(1, 5)
  })

  it('is less where workers go their own ways', async () => {
    const { evaluations } = await run({ algorithm: { id: 'local' }, alpha: 0.1 })
    for (const drift of last(evaluations)) expect(drift).toBeLessThan(0.95)
  })
})

describe('what gradient tracking keeps', () => {
  describe.each([false, true])('float16 %s', (float16) => {
    it.each(['gt-dsum', 'gt-dsgd', 'k-gt', 'momentum-tracking'])('%s: the mean of the trackers is that of the gradients', async (id) => {
      for (const { trackerError } of (await run({ algorithm: { id }, float16 })).evaluations) {
        expect(trackerError).not.toBeNull()
        expect(trackerError).toBeLessThan(1e-5)
      }
    })
  })

  it('is nothing to methods without trackers', async () => {
    const plain = (await run({ algorithm: { id: 'd-sum' } })).evaluations
    expect(new Set(plain.map(({ trackerError }) => trackerError))).toEqual(new Set([null]))
  })
})

describe('metric events as JSON', () => {
  it('come back as they were, and lines of before have no drift and no parts of the exchange', async () => {
    const { evaluations, steps } = await run({ algorithm: { id: 'gt-dsum' } })
    for (const event of [...evaluations, ...steps]) expect(readMetricEvent(JSON.parse(JSON.stringify(event)))).toEqual(event)
    const { drift: _, trackerError: __, ...before } = evaluations[8]
    expect(readMetricEvent(before)).toEqual({ ...before, drift: null, trackerError: null })
    const { encodeMs, sendMs, waitMs, ...whole } = steps[8]
    expect(encodeMs + sendMs + waitMs).toBeCloseTo(whole.exchangeMs)
    expect(readMetricEvent(whole)).toEqual({ ...whole, encodeMs: Number.NaN, sendMs: Number.NaN, waitMs: Number.NaN })
  })
})
