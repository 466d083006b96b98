import { formatNumber } from '../../format.ts'
import { isAgreement } from '../../metrics/latest.ts'
import type { MetricsStore } from '../../metrics/metrics-store.ts'
import { useLiveMetrics } from '../../metrics/use-live-metrics.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { Card } from '../../widgets/Card.tsx'

const { workers: words } = texts

const evaluationsOf = (metrics: MetricsStore) => metrics.evaluationCount

/** What should hold between the workers, and how well it does: each number with what it means. */
export function Invariants() {
  const run = useLab((state) => state.run)
  const { metrics } = useLiveMetrics(2, evaluationsOf)
  const evaluations = metrics.ranked().map((worker) => worker.evaluations)
  // Every worker reports the same two numbers.
  const last = evaluations.find(({ length }) => length > 0)
  const distance = last?.last('consensusDistance') ?? Number.NaN
  const trackerError = last?.last('trackerError') ?? Number.NaN
  return (
    <Card
      title={words.invariants}
      unit={last && texts.predictions.after(last.last('step'))}
      help={words.invariantsHelp}
      className="invariants"
    >
      {!run || !last ? (
        <p className="empty">{words.invariantsEmpty}</p>
      ) : (
        <dl>
          <div>
            <dt>{texts.charts.consensus}</dt>
            <dd>{isAgreement(distance) ? texts.agreement : formatNumber(distance)}</dd>
            <dd className="dim">{words.consensusMeans}</dd>
          </div>
          <div>
            <dt>{words.trackerError}</dt>
            <dd>{Number.isNaN(trackerError) ? words.noTrackers : trackerError.toExponential(1)}</dd>
            <dd className="dim">{Number.isNaN(trackerError) ? words.noTrackersMeans : words.trackerMeans}</dd>
          </div>
        </dl>
      )}
    </Card>
  )
}
