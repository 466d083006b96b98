import { metricLines, summarize } from '../../cluster/index.ts'
import { partnersOf, payloadKinds, type RunConfig } from '../../engine/index.ts'
import { classNamesOf } from '../class-names.ts'
import { formatBytes, formatCount, formatDuration, formatNumber, formatPercent } from '../format.ts'
import { latestByClass } from '../metrics/latest.ts'
import type { MetricsStore } from '../metrics/metrics-store.ts'
import { settingsOf } from '../runs/difference.ts'
import { headerOf, type KeptRun, methodOf } from '../runs/kept-run.ts'
import { texts } from '../texts/index.ts'
import { type ChartPicture, chartSvg } from './chart-svg.ts'
import { escapeText } from './escape.ts'
import { REPORT_STYLE } from './report-style.ts'

/** One HTML file that tells all about a run: opened alone, without a script, and asking nobody for anything. */
export function reportHtml(run: KeptRun, metrics: MetricsStore, pictures: readonly ChartPicture[]): string {
  const lines = metricLines(headerOf(run), metrics.sortedEvents())
  const changed = settingsOf(run.config).filter(({ value, usual }) => value !== usual)
  const title = escapeText(run.name)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="dim">${escapeText(texts.report.subtitle(methodOf(run.config.algorithm.id), run.end, new Date(run.endedAtMs).toISOString().slice(0, 16).replace('T', ' ')))}</p>
${run.message ? `<p class="message">${escapeText(run.message)}</p>` : ''}
${section(texts.report.result, keyTable(resultOf(run, metrics)))}
${section(texts.report.changed, changed.length > 0 ? settingsTable(changed) : `<p>${escapeText(texts.report.nothingChanged)}</p>`)}
${section(texts.report.charts, `<div class="charts">${pictures.map(figure).join('')}</div>`)}
${classSection(run.config, metrics, run.seats)}
${shardSection(run)}
${section(texts.report.settings, settingsTable(settingsOf(run.config)))}
${section(texts.report.metrics, `<p><a download="${escapeText(`${run.id}.jsonl`)}" href="data:application/jsonl;base64,${base64(lines)}">${escapeText(texts.report.download(formatBytes(lines.length)))}</a></p>`)}
</main>
</body>
</html>
`
}

const section = (title: string, content: string) => `<section>\n<h2>${escapeText(title)}</h2>\n${content}\n</section>`

const figure = (picture: ChartPicture) => `<figure role="img" aria-label="${escapeText(picture.title)}">${chartSvg(picture)}</figure>`

type Facts = [name: string, value: string][]

const keyTable = (facts: Facts) =>
  `<table class="facts">${facts.map(([name, value]) => `<tr><th scope="row">${escapeText(name)}</th><td>${escapeText(value)}</td></tr>`).join('')}</table>`

function settingsTable(settings: ReturnType<typeof settingsOf>): string {
  const rows = settings.map(
    ({ label, value, usual }) =>
      `<tr${value === usual ? '' : ' class="changed"'}><th scope="row">${escapeText(label)}</th><td>${escapeText(value)}</td><td class="dim">${escapeText(usual)}</td></tr>`,
  )
  const heads = texts.report.settingColumns.map((name) => `<th scope="col">${escapeText(name)}</th>`).join('')
  return `<table><thead><tr>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function resultOf({ id, end, config, backends, simulated, spectralGap, parameters, seats }: KeptRun, metrics: MetricsStore): Facts {
  const choices = backends.map((backend) => backend ?? undefined)
  const { accuracy, consensusDistance, sentBytes, relativeCommunicationCost, wallSeconds, imagesPerSecond, parametersSha256, steps } =
    summarize(id, end, config, choices, metrics.events(), simulated)
  const names = texts.report.facts
  const known = [...new Set(backends.flatMap((backend) => backend?.name ?? []))]
  const kinds = payloadKinds
    .filter((kind) => sentBytes.byKind[kind] > 0)
    .map((kind) => `${texts.sentParts[kind]} ${formatBytes(sentBytes.byKind[kind])}`)
  const facts: (readonly [string, string | null])[] = [
    [names.averaged, accuracy && formatPercent(accuracy.averaged)],
    [names.mean, accuracy && formatPercent(accuracy.mean)],
    [names.worst, accuracy && formatPercent(accuracy.worst)],
    [names.consensus, consensusDistance === null ? null : formatNumber(consensusDistance)],
    [names.sent, formatBytes((sentBytes.payload + sentBytes.framing) / Math.max(1, seats.length))],
    [names.sentByAll, [formatBytes(sentBytes.payload + sentBytes.framing), ...kinds].join(', ')],
    [names.rcc, relativeCommunicationCost === null ? null : formatPercent(relativeCommunicationCost)],
    [names.steps, formatCount(steps)],
    [names.seconds, formatDuration(wallSeconds)],
    [names.rate, imagesPerSecond === null ? null : formatNumber(imagesPerSecond)],
    [names.workers, `${seats.map(({ name }) => name).join(', ')}${simulated ? ` (${texts.simulated})` : ''}`],
    [names.backend, known.length > 0 ? known.join(', ') : null],
    [names.parameters, parameters === null ? null : formatCount(parameters)],
    [names.gap, spectralGap === null || partnersOf(config) !== 'neighbors' ? null : formatNumber(spectralGap)],
    [names.sha256, parametersSha256],
    [names.run, id],
  ]
  return facts.flatMap(([name, value]): Facts => (value === null ? [] : [[name, value]]))
}

function classSection({ dataset }: RunConfig, metrics: MetricsStore, seats: KeptRun['seats']): string {
  const found = latestByClass(metrics)
  if (!found || found.averaged.length === 0) return ''
  const { step, workers, averaged } = found
  const columns = [
    ...workers.map(({ rank, accuracies }) => ({ name: seats[rank]?.name ?? String(rank), values: accuracies })),
    { name: texts.lines.averaged, values: averaged },
  ]
  const table = heatTable(classNamesOf(dataset, averaged.length), columns, (value) => String(Math.round(100 * value)), 1)
  return section(`${texts.classAccuracy.title} (${texts.classAccuracy.unit(step)})`, table)
}

function shardSection({ shards, seats, config: { dataset } }: KeptRun): string {
  if (!shards || shards.length === 0) return ''
  const columns = shards.map((values, rank) => ({ name: seats[rank]?.name ?? String(rank), values }))
  return section(
    texts.report.shards,
    heatTable(classNamesOf(dataset, shards[0].length), columns, formatCount, Math.max(1, ...shards.flat())),
  )
}

/** The darker, the more: black text stays readable on all of them. */
function heatTable(rows: string[], columns: { name: string; values: number[] }[], textOf: (value: number) => string, most: number): string {
  const heads = columns.map(({ name }) => `<th scope="col">${escapeText(name)}</th>`).join('')
  const cell = (value: number) =>
    `<td class="figure" style="background:rgba(66,99,235,${(0.5 * Math.sqrt(Math.max(0, value) / most || 0)).toFixed(2)})">${escapeText(textOf(value))}</td>`
  const body = rows.map(
    (name, i) => `<tr><th scope="row">${escapeText(name)}</th>${columns.map(({ values }) => cell(values[i] ?? Number.NaN)).join('')}</tr>`,
  )
  return `<div class="wide"><table class="heat"><thead><tr><th scope="col">class</th>${heads}</tr></thead><tbody>${body.join('')}</tbody></table></div>`
}

/** btoa takes bytes as characters, and a call takes only so many arguments. */
function base64(text: string): string {
  const bytes = new TextEncoder().encode(text)
  const parts: string[] = []
  for (let from = 0; from < bytes.length; from += 0x8000) parts.push(String.fromCharCode(...bytes.subarray(from, from + 0x8000)))
  return btoa(parts.join(''))
}
