import { z } from 'zod'
import { type MetricEvent, parseRunConfig } from '../engine/index.ts'
import { readMetricEvent } from './metric-event.ts'
import type { RunSummary } from './summary.ts'

/** What events do not tell. The dashboard knows it and writes it; files of the command line have none. */
export interface HeaderFacts {
  /** of the workers, by rank */
  names: string[]
  /** shards[rank][class]: pictures */
  shards: number[][] | null
  spectralGap: number | null
  /** of the model */
  parameters: number | null
}

/** The first line of a metrics file: what the run was. */
export interface MetricHeader extends Pick<RunSummary, 'run' | 'simulated' | 'config'> {
  type: 'header'
  schema: 'tabswarm/metrics/1'
  facts?: HeaderFacts
}

export function metricHeader(
  { run, simulated, config }: Pick<RunSummary, 'run' | 'simulated' | 'config'>,
  facts?: HeaderFacts,
): MetricHeader {
  return { type: 'header', schema: 'tabswarm/metrics/1', run, simulated, config, ...(facts && { facts }) }
}

/** metrics.jsonl: the header, then one event a line. */
export function metricLines(header: MetricHeader, events: MetricEvent[]): string {
  return [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** A file holds no metrics of a run; the message names the line, what stands there and what was expected. */
export class MetricsFileError extends Error {
  readonly kind = 'metrics-file'
}

const count = z.int().min(0)
const header = z.strictObject({
  type: z.literal('header'),
  schema: z.literal('tabswarm/metrics/1'),
  run: z.string().min(1).max(200),
  simulated: z.boolean(),
  config: z.unknown(),
  facts: z
    .strictObject({
      names: z.array(z.string().max(60)).max(1_024),
      shards: z.array(z.array(count).min(1).max(1_000)).max(1_024).nullable(),
      spectralGap: z.number().nullable(),
      parameters: count.nullable(),
    })
    .optional(),
})

/** Reads the first line of a metrics file, which may come from anybody. @throws MetricsFileError when it is none; ConfigError */
export function readMetricHeader(line: string): MetricHeader {
  const result = header.safeParse(parseJson(line))
  if (!result.success)
    throw new MetricsFileError(
      `line 1: got ${shown(line)}; expected the header of a tabswarm/metrics/1 file, such as metrics.jsonl in a run's folder`,
    )
  return { ...result.data, config: parseRunConfig(result.data.config) }
}

/** Reads a line after the first; `number` counts from 1. @throws MetricsFileError when it is no metric event */
export function readMetricLine(line: string, number: number): MetricEvent {
  const event = readMetricEvent(parseJson(line))
  if (!event) throw new MetricsFileError(`line ${number}: got ${shown(line)}; expected a step, evaluation, view or finished event`)
  return event
}

const shown = (line: string) => (line.length > 60 ? `${line.slice(0, 60)}…` : line || 'an empty line')

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
