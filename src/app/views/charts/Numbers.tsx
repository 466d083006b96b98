import './numbers.css'
import { Fragment } from 'react'
import { partnersOf, payloadKinds } from '../../../engine/index.ts'
import { formatBytes, formatCount, formatNumber, formatPercent } from '../../format.ts'
import { isAgreement, latestEvaluation, meanOf } from '../../metrics/latest.ts'
import type { MetricsStore } from '../../metrics/metrics-store.ts'
import { useLiveMetrics } from '../../metrics/use-live-metrics.ts'
import type { RunState } from '../../state.ts'
import { useLab } from '../../store.ts'
import { emptyText, spectralGapName, texts } from '../../texts/index.ts'
import { Card } from '../../widgets/Card.tsx'

/** The latest figures of the run, as text. */
export function Numbers() {
  const run = useLab((state) => state.run)
  const { metrics } = useLiveMetrics(5)
  const facts = run && !metrics.isEmpty ? factsOf(run, metrics) : []
  return (
    <Card title={texts.charts.numbers} help={texts.chartHelp.numbers} className="numbers">
      {facts.length === 0 ? (
        <p className="empty">{emptyText(run)}</p>
      ) : (
        <dl>
          {facts.map(({ name, value }) => (
            <div key={name} data-part={Array.isArray(value) || undefined}>
              <dt>{name}</dt>
              <dd>{Array.isArray(value) ? <Parts parts={value} /> : value}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  )
}

/** Lines break between parts only. */
function Parts({ parts }: { parts: string[] }) {
  return parts.map((part, i) => (
    <Fragment key={part}>
      {i > 0 && ' '}
      <span>{i < parts.length - 1 ? `${part},` : part}</span>
    </Fragment>
  ))
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

interface Fact {
  name: string
  /** a list divides the fact before it */
  value: string | string[]
}

function factsOf(run: RunState, metrics: MetricsStore): Fact[] {
  const evaluation = latestEvaluation(metrics)
  const facts: Fact[] = []
  if (evaluation)
    facts.push(
      { name: 'Accuracy of averaged model', value: formatPercent(evaluation.averaged) },
      { name: 'Accuracy, mean of workers', value: formatPercent(evaluation.mean) },
      { name: 'Accuracy, worst worker', value: formatPercent(evaluation.worst) },
    )
  if (evaluation && metrics.workers.size > 1)
    facts.push({
      name: 'Consensus distance',
      value: isAgreement(evaluation.consensusDistance) ? texts.agreement : formatNumber(evaluation.consensusDistance),
    })
  const sent = metrics.ranked().map((worker) => worker.sentBytes)
  facts.push({ name: 'Sent per worker', value: formatBytes(meanOf(sent)) }, ...partsOf(metrics), {
    name: 'Sent by all',
    value: formatBytes(sent.reduce((sum, bytes) => sum + bytes, 0)),
  })
  if (run.parameters !== null) facts.push({ name: 'Model parameters', value: formatCount(run.parameters) })
  if (run.spectralGap !== null && partnersOf(run.config) === 'neighbors')
    facts.push({ name: capitalized(spectralGapName(run)), value: formatNumber(run.spectralGap) })
  return facts
}

/** What it is that each worker has sent. */
function partsOf(metrics: MetricsStore): Fact[] {
  const workers = metrics.ranked()
  const columns = [...payloadKinds, 'framingBytes'] as const
  const parts = columns
    .map((column) => ({ column, bytes: meanOf(workers.map((worker) => worker.sentOf(column))) }))
    .filter(({ bytes }) => bytes > 0)
    .map(({ column, bytes }) => `${texts.sentParts[column]} ${formatBytes(bytes)}`)
  return parts.length > 0 ? [{ name: texts.ofThis, value: parts }] : []
}
