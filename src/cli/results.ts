import { access, constants, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { metricHeader, metricLines, type RunSummary } from '../cluster/index.ts'
import { type MetricEvent, payloadKinds, type RunConfig } from '../engine/index.ts'

/** `2026-11-20T12-00-00-d-sum-ring-4`: sorts by time, says what it was. */
export function runName(config: RunConfig, now = new Date()): string {
  return `${now.toISOString().slice(0, 19).replaceAll(':', '-')}-${config.algorithm.id}-${config.topology}-${config.workers}`
}

/** Results cannot be written where they were asked for. */
export class ResultsError extends Error {
  readonly kind = 'results'
}

/** Makes the folder that results will go to, so that a run does not end with the news that there is none. @throws ResultsError */
export async function makeResultsFolder(root: string): Promise<void> {
  try {
    await mkdir(root, { recursive: true })
    await access(root, constants.W_OK)
  } catch (error) {
    throw new ResultsError(
      `--out got ${JSON.stringify(root)}, where no results can be written (${error instanceof Error ? error.message : error})`,
    )
  }
}

/** Writes config.json, metrics.jsonl, summary.json and what else there is; resolves with the folder. Formats: docs/results.md. */
export async function writeResults(
  root: string,
  run: string,
  summary: RunSummary,
  events: MetricEvent[],
  attachments: Record<string, Uint8Array> = {},
): Promise<string> {
  const folder = path.join(root, run)
  await mkdir(folder, { recursive: true })
  const files: Record<string, string | Uint8Array> = {
    'config.json': `${JSON.stringify(summary.config, null, 2)}\n`,
    'metrics.jsonl': metricLines(metricHeader(summary), events),
    'summary.json': `${JSON.stringify(summary, null, 2)}\n`,
    ...attachments,
  }
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(path.join(folder, name), content)))
  return folder
}

/** The table at the end of a run. */
export function resultTable(summary: RunSummary): string {
  const percent = (fraction: number | null) => (fraction === null ? '-' : `${(100 * fraction).toFixed(2)} %`)
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`
  const workers = summary.workers.map((worker) => [
    String(worker.rank),
    worker.backend,
    String(worker.steps),
    percent(worker.accuracy),
    megabytes(worker.sentBytes.payload + worker.sentBytes.framing),
    worker.imagesPerSecond === null ? '-' : worker.imagesPerSecond.toFixed(1),
  ])
  const rows = [['worker', 'backend', 'steps', 'accuracy', 'sent', 'images/s'], ...workers]
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const table = rows.map((row) => row.map((cell, column) => cell.padStart(widths[column])).join('  '))
  const { accuracy, sentBytes } = summary
  return [
    ...table,
    '',
    `accuracy: averaged model ${percent(accuracy?.averaged ?? null)}, workers' mean ${percent(accuracy?.mean ?? null)}, worst ${percent(accuracy?.worst ?? null)}`,
    `consensus distance ${summary.consensusDistance?.toPrecision(3) ?? '-'}; sent ${megabytes(sentBytes.payload)} payload${kindText(sentBytes)}, ${megabytes(sentBytes.framing)} framing, ${megabytes(sentBytes.control)} control`,
    ...(summary.relativeCommunicationCost === null ? [] : [`relative communication cost ${percent(summary.relativeCommunicationCost)}`]),
    `${summary.status} after ${summary.steps} steps in ${summary.wallSeconds.toFixed(1)} s`,
    ...(summary.parametersSha256 ? [`sha256 of the averaged parameters: ${summary.parametersSha256}`] : []),
  ].join('\n')
}

/** What the payload is made of. */
function kindText({ payload, byKind }: RunSummary['sentBytes']): string {
  const sent = payloadKinds.filter((kind) => byKind[kind] > 0)
  return sent.length > 0 ? ` (${sent.map((kind) => `${kind} ${Math.round((100 * byKind[kind]) / payload)} %`).join(', ')})` : ''
}
