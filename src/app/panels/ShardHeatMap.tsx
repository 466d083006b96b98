import { classNamesOf } from '../class-names.ts'
import { formatCount } from '../format.ts'
import { isActive, useLab } from '../store.ts'
import { texts } from '../texts.ts'
import { Card } from '../widgets/Card.tsx'
import { HeatTable, MAX_NUMBERED } from '../widgets/HeatTable.tsx'
import { WorkerColumn } from '../widgets/WorkerColumn.tsx'

/** Pictures of each class that each worker holds. */
export function ShardHeatMap() {
  const run = useLab((state) => state.run)
  const shards = run?.shards
  if (!run || !shards || shards.length === 0)
    return (
      <Card title={texts.shards.title} unit={texts.shards.unit} help={texts.cardHelp.shards}>
        <p className="empty">
          {run?.phase === 'replay' ? texts.replay.noShards : run && !isActive(run) ? texts.empty.shardsOver : texts.empty.shards}
        </p>
      </Card>
    )
  const most = Math.max(1, ...shards.flat())
  const classes = classNamesOf(run.config.dataset, shards[0].length)
  const total = shards[0].reduce((sum, count) => sum + count, 0)
  const numbered = shards.length <= MAX_NUMBERED
  return (
    <Card title={texts.shards.title} unit={texts.shards.perWorker(total)} help={texts.cardHelp.shards}>
      <HeatTable
        label={texts.shards.label}
        rowsAre="class"
        rows={classes}
        numbered={numbered}
        columns={shards.map((shard, rank) => ({
          key: rank,
          header: <WorkerColumn rank={rank} name={run.seats[rank]?.name} marked={numbered} />,
          fractions: shard.map((count) => count / most),
          text: (label) => formatCount(shard[label]),
          title: (label) => texts.shards.cell(classes[label], shard[label], run.seats[rank]?.name ?? texts.worker(rank)),
        }))}
      />
    </Card>
  )
}
