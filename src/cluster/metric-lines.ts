import type { MetricEvent } from '../engine/index.ts'
import type { RunSummary } from './summary.ts'

/** The first line of a metrics file: what the run was. */
export interface MetricHeader extends Pick<RunSummary, 'run' | 'simulated' | 'config'> {
  type: 'header'
  schema: 'tabswarm/metrics/1'
}

export function metricHeader({ run, simulated, config }: Pick<RunSummary, 'run' | 'simulated' | 'config'>): MetricHeader {
  return { type: 'header', schema: 'tabswarm/metrics/1', run, simulated, config }
}

/** metrics.jsonl: the header, then one event a line. */
export function metricLines(header: MetricHeader, events: MetricEvent[]): string {
  return [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join('')
}
