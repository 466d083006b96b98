import type { MetricEvent, RunConfig } from '../engine/index.ts'

/** The first line of a metrics file: what the run was. */
export interface MetricHeader {
  type: 'header'
  schema: 'tabswarm/metrics/1'
  run: string
  config: RunConfig
}

export function metricHeader(run: string, config: RunConfig): MetricHeader {
  return { type: 'header', schema: 'tabswarm/metrics/1', run, config }
}

/** metrics.jsonl: the header, then one event a line. */
export function metricLines(run: string, config: RunConfig, events: MetricEvent[]): string {
  return [metricHeader(run, config), ...events].map((line) => `${JSON.stringify(line)}\n`).join('')
}
