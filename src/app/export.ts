import type { MetricHeader } from '../cluster/index.ts'
import { type MetricEvent, type PayloadByKind, type PayloadKind, payloadKinds } from '../engine/index.ts'

const kindColumn = (kind: PayloadKind) => `${kind}Bytes` as const

const columns = [
  'type',
  'rank',
  'step',
  'epoch',
  'seconds',
  'loss',
  'learningRate',
  'accuracy',
  'averagedAccuracy',
  'averagedLoss',
  'classAccuracy',
  'averagedClassAccuracy',
  'consensusDistance',
  'drift',
  'trackerError',
  'payloadBytes',
  ...payloadKinds.map(kindColumn),
  'framingBytes',
  'controlBytes',
  'computeMs',
  'exchangeMs',
  'encodeMs',
  'sendMs',
  'waitMs',
  'imagesPerSecond',
  'parametersSha256',
  'view',
  'members',
  'message',
] as const

/** CSV with one row per event; the first line is a comment with the header, the second names the columns. */
export function toCsv(header: MetricHeader, events: MetricEvent[]): string {
  const lines = [`# ${JSON.stringify(header)}`, columns.join(',')]
  for (const event of events) {
    const row = flatten(event)
    lines.push(columns.map((column) => cell(row[column])).join(','))
  }
  return `${lines.join('\r\n')}\r\n`
}

function flatten(event: MetricEvent): Partial<Record<(typeof columns)[number], unknown>> {
  switch (event.type) {
    case 'step':
      return { ...event, ...flattenKinds(event.payloadByKind) }
    case 'finished': {
      const { payload, framing, control, byKind } = event.sentBytes
      return { ...event, ...flattenKinds(byKind), step: event.steps, payloadBytes: payload, framingBytes: framing, controlBytes: control }
    }
    case 'evaluation':
      return { ...event, classAccuracy: event.classAccuracy.join(' '), averagedClassAccuracy: event.averagedClassAccuracy.join(' ') }
    case 'view':
      return event
    default:
      return event satisfies never
  }
}

const flattenKinds = (bytes: PayloadByKind) => Object.fromEntries(payloadKinds.map((kind) => [kindColumn(kind), bytes[kind]]))

/** RFC 4180 quoting. A leading = + - @ of text would be a formula to a spreadsheet, and messages hold names chosen by others. */
function cell(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = String(value)
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Hands a file to the user. */
export function download(name: string, file: Blob): void {
  const url = URL.createObjectURL(file)
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = name
  anchor.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
