import { classNamesOf } from '../../class-names.ts'
import { formatPercent } from '../../format.ts'
import { latestByClass } from '../../metrics/latest.ts'
import type { MetricsStore } from '../../metrics/metrics-store.ts'
import { useLiveMetrics } from '../../metrics/use-live-metrics.ts'
import { isActive } from '../../state.ts'
import { useLab } from '../../store.ts'
import { emptyText, texts } from '../../texts/index.ts'
import { Card } from '../../widgets/Card.tsx'
import { HeatTable, MAX_NUMBERED } from '../../widgets/HeatTable.tsx'
import { WorkerColumn } from '../../widgets/WorkerColumn.tsx'

/** Only an evaluation brings something new. */
const evaluationsOf = ({ evaluationCount }: MetricsStore) => evaluationCount

/** Accuracy on the test pictures of each class: of each worker's model, and of the averaged one. */
export function ClassAccuracy() {
  const run = useLab((state) => state.run)
  const { metrics } = useLiveMetrics(8, evaluationsOf)
  const found = run && latestByClass(metrics)
  if (!run || !found)
    return (
      <Card title={texts.classAccuracy.title} help={texts.classAccuracy.help}>
        <p className="empty">{run && !isActive(run) ? emptyText(run) : texts.classAccuracy.empty}</p>
      </Card>
    )
  const { step, workers, averaged } = found
  const classes = classNamesOf(run.config.dataset, averaged.length)
  const numbered = workers.length < MAX_NUMBERED
  const columnOf = (fractions: number[], whose: string) => ({
    fractions,
    text: (label: number) => String(Math.round(100 * fractions[label])),
    title: (label: number) => texts.classAccuracy.cell(classes[label], formatPercent(fractions[label]), whose),
  })
  return (
    <Card title={texts.classAccuracy.title} unit={texts.classAccuracy.unit(step)} help={texts.classAccuracy.help}>
      <HeatTable
        label={texts.classAccuracy.label}
        rowsAre="class"
        rows={classes}
        numbered={numbered}
        columns={[
          ...workers.map(({ rank, accuracies }) => ({
            key: rank,
            header: <WorkerColumn rank={rank} name={run.seats[rank]?.name} marked={numbered} />,
            ...columnOf(accuracies, run.seats[rank]?.name ?? texts.worker(rank)),
          })),
          {
            key: 'averaged',
            apart: true,
            header: <abbr title={texts.classAccuracy.averaged}>{texts.classAccuracy.averagedShort}</abbr>,
            ...columnOf(averaged, texts.classAccuracy.averaged),
          },
        ]}
      />
    </Card>
  )
}
