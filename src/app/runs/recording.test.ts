import fc from 'fast-check'
import { expect, it } from 'vitest'
import { evaluationEvent, finishedEvent, stepEvent } from '../../cluster/events.fixture.ts'
import type { MetricEvent } from '../../engine/index.ts'
import type { MetricsStore } from '../metrics/metrics-store.ts'
import { storeOf } from '../metrics/store.fixture.ts'
import { Recording, ReplayCursor } from './recording.ts'

/** Two workers, the second half a second behind; the file has one after the other, as that of a simulation may. */
const events: MetricEvent[] = [0, 1].flatMap((rank): MetricEvent[] => [
  ...[1, 2, 3, 4].map((step) => stepEvent(rank, step, { seconds: step + rank / 2 })),
  { type: 'view', rank, step: 4, view: 2, members: 2, message: 'again' },
  evaluationEvent(rank, 4, { seconds: 5 + rank / 2 }),
  finishedEvent(rank, 4),
])
const timeOf = (event: MetricEvent) => ('seconds' in event ? event.seconds : 4 + event.rank / 2)
const nameOf = (event: MetricEvent) => `${event.type} of ${event.rank} after ${event.type === 'finished' ? event.steps : event.step}`
const told = (cursor: ReplayCursor) => cursor.metrics.events().map(nameOf).sort()

/** What is kept besides the events. */
function sumsOf(metrics: MetricsStore) {
  const means = metrics.stepMeans()
  return {
    counts: [metrics.stepCount, metrics.evaluationCount, metrics.views.length],
    means: Array.from({ length: means.length }, (_, row) => [means.count(row), means.mean(row, 'loss'), means.mean(row, 'bytes')]),
    workers: metrics.ranked().map(({ rank, step, byClass, finished }) => ({ rank, step, evaluations: byClass.length, finished })),
  }
}

it('shows at any time exactly what had been told by then, wherever it was before', () => {
  const whole = storeOf(events)
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1, max: 7, noNaN: true }), { minLength: 1, maxLength: 8 }), (places) => {
      const cursor = new ReplayCursor(new Recording(whole))
      for (const place of places) cursor.seek(place)
      const until = places.at(-1) ?? 0
      // A worker has finished at the end of its last evaluation, though its event may bear an earlier second.
      const expected = events.filter((event) => (event.type === 'finished' ? 5 + event.rank / 2 : timeOf(event)) <= until)
      expect(told(cursor)).toEqual(expected.map(nameOf).sort())
      expect(sumsOf(cursor.metrics)).toEqual(sumsOf(storeOf(expected)))
    }),
  )
})

it('begins as the whole run, fills the same metrics forwards, and never touches the recorded ones', () => {
  const whole = storeOf(events)
  const cursor = new ReplayCursor(new Recording(whole))
  expect(cursor.metrics).toBe(whole)
  cursor.seek(1)
  const { metrics } = cursor
  cursor.seek(2)
  expect(cursor.metrics).toBe(metrics)
  expect(metrics.stepCount).toBe(3)
  cursor.seek(1.2)
  expect(cursor.metrics).not.toBe(metrics)
  expect(cursor.metrics.stepCount).toBe(1)
  expect(whole.eventCount).toBe(events.length)
})

it('lasts until the last event', () => {
  expect(new Recording(storeOf(events)).duration).toBe(5.5)
  expect(new Recording(storeOf([])).duration).toBe(0)
})
