import { type MetricHeader, MetricsFileError, readMetricHeader, readMetricLine } from '../../cluster/index.ts'
import { yieldToMessages } from '../../engine/index.ts'
import { MetricsStore } from '../metrics/metrics-store.ts'

/** Events written or read before others have their turn. */
const SLICE = 500

/** A compressed file may hold far more than it weighs. */
const MOST_EVENTS = 3_000_000
const LONGEST_LINE = 200_000

/** metrics.jsonl, gzip'd, with the events as they came. In slices: a long run has hundreds of thousands. */
export async function packMetrics(header: MetricHeader, metrics: MetricsStore): Promise<Uint8Array<ArrayBuffer>> {
  const { readable, writable } = new CompressionStream('gzip')
  const packed = new Response(readable).arrayBuffer()
  const writer = writable.getWriter()
  const encoder = new TextEncoder()
  const write = (lines: unknown[]) => writer.write(encoder.encode(lines.map((line) => `${JSON.stringify(line)}\n`).join('')))
  await write([header])
  for (let from = 0; from < metrics.eventCount; from += SLICE) {
    await write(metrics.events(from, from + SLICE))
    await yieldToMessages()
  }
  await writer.close()
  return new Uint8Array(await packed)
}

/** Reads a metrics file, gzip'd or not. @throws MetricsFileError naming the line that is wrong, ConfigError */
export async function readMetrics(file: Blob): Promise<{ header: MetricHeader; metrics: MetricsStore }> {
  const metrics = new MetricsStore()
  let header: MetricHeader | null = null
  let number = 0
  for await (const line of linesOf(await unpacked(file))) {
    number++
    if (!header) header = readMetricHeader(line)
    else if (line !== '') {
      const event = readMetricLine(line, number)
      if (event.rank >= header.config.workers)
        throw new MetricsFileError(
          `line ${number}: rank: got ${event.rank}; allowed: 0 to ${header.config.workers - 1}, the workers of its header`,
        )
      metrics.add(event)
    }
    if (number > MOST_EVENTS) throw new MetricsFileError(`line ${number}: got more lines than ${MOST_EVENTS}, the most that can be shown`)
    if (number % SLICE === 0) await yieldToMessages()
  }
  if (!header) throw new MetricsFileError('got an empty file; expected metrics.jsonl')
  if (metrics.isEmpty) throw new MetricsFileError('got a header and no events; expected the metrics of a run')
  return { header, metrics }
}

async function unpacked(file: Blob): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer())
  const isGzip = first === 0x1f && second === 0x8b
  return isGzip ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file.stream()
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) break
    const lines = (rest + value).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LONGEST_LINE) throw new MetricsFileError(`got a line of more than ${LONGEST_LINE} characters; expected metrics.jsonl`)
    yield* lines
  }
  if (rest !== '') yield rest
}
