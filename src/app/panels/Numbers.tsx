import { formatBytes, formatCount, formatNumber, formatPercent } from '../format.ts'
import { isAgreement, latestEvaluation, meanOf } from '../metrics/latest.ts'
import type { MetricsStore } from '../metrics/metrics-store.ts'
import { useLiveMetrics } from '../metrics/use-live-metrics.ts'
import { isActive, type RunState, useLab } from '../store.ts'
import { spectralGapName, texts } from '../texts.ts'
import { Card } from '../widgets/Card.tsx'

/** The latest figures of the run, as text. */
export function Numbers() {
  const run = useLab((state) => state.run)
  const { metrics } = useLiveMetrics(5)
  const facts = run && !metrics.isEmpty ? factsOf(run, metrics) : []
  return (
    <Card title={texts.charts.numbers} help={texts.chartHelp.numbers} className="numbers">
      {facts.length === 0 ? (
        <p className="empty">{run ? (isActive(run) ? texts.charts.emptyPreparing : texts.charts.emptyOver) : texts.charts.empty}</p>
      ) : (
        <dl>
          {facts.map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  )
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

interface Fact {
  name: string
  value: string
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
  facts.push(
    { name: 'Sent per worker', value: formatBytes(meanOf(sent)) },
    { name: 'Sent by all', value: formatBytes(sent.reduce((sum, bytes) => sum + bytes, 0)) },
  )
  if (run.parameters !== null) facts.push({ name: 'Model parameters', value: formatCount(run.parameters) })
  if (run.spectralGap !== null) facts.push({ name: capitalized(spectralGapName(run)), value: formatNumber(run.spectralGap) })
  return facts
}
