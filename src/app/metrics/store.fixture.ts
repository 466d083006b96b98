import type { MetricEvent } from '../../engine/index.ts'
import { MetricsStore } from './metrics-store.ts'

export function storeOf(events: MetricEvent[]): MetricsStore {
  const store = new MetricsStore()
  for (const event of events) store.add(event)
  return store
}
