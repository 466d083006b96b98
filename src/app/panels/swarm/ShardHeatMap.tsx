import './shard-heat-map.css'
import { Slider } from '@mantine/core'
import { classNamesOf } from '../../class-names.ts'
import { workersOf } from '../../cluster-view.ts'
import { simulatedWorkers } from '../../form/check-run.ts'
import { formatCount, formatNumber } from '../../format.ts'
import { shownControls } from '../../lessons/visit.ts'
import { type PlannedPartition, partitionChoiceOf, usePlannedPartition, usePlannedShards } from '../../session/planned-shards.ts'
import { isActive } from '../../state.ts'
import { setDraft, useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { Card } from '../../widgets/Card.tsx'
import { HeatTable, MAX_NUMBERED } from '../../widgets/HeatTable.tsx'
import { WorkerColumn } from '../../widgets/WorkerColumn.tsx'

/** Pictures of each class that each worker holds: in the run on screen, or in the next one, which a slider of its skew redraws at once. */
export function ShardHeatMap() {
  const run = useLab((state) => state.run)
  const room = useLab((state) => state.room)
  const plannedWorkers = useLab(simulatedWorkers)
  const planned = usePlannedPartition()
  const controls = useLab(shownControls)
  const active: boolean = isActive(run)
  const over = run !== null && !active && run.phase !== 'replay'
  const onScreen = over && planned && !isSame(partitionChoiceOf(run.config), planned) ? null : run
  const plannedShards = usePlannedShards(onScreen ? null : planned)
  const shards = onScreen ? onScreen.shards : plannedShards
  const names = onScreen ? onScreen.seats.map(({ name }) => name) : workersOf(room, null, plannedWorkers).map(({ name }) => name)
  const dataset = onScreen ? onScreen.config.dataset : planned?.dataset
  return (
    <Card
      title={texts.shards.title}
      unit={[shards ? texts.shards.perWorker(sizeOf(shards)) : texts.shards.unit, ...(onScreen ? [] : [texts.nextRun])].join(' · ')}
      help={texts.cardHelp.shards}
    >
      {shards && shards.length > 0 && dataset ? (
        <ShardTable shards={shards} names={names} dataset={dataset} />
      ) : (
        <p className="empty">
          {run?.phase === 'replay' ? texts.replay.noShards : over && onScreen ? texts.empty.shardsOver : texts.empty.shards}
        </p>
      )}
      {planned?.partition === 'dirichlet' && !active && (controls?.includes('alpha') ?? true) && <AlphaSlider alpha={planned.alpha} />}
    </Card>
  )
}

const isSame = (a: PlannedPartition, b: PlannedPartition) => JSON.stringify(a) === JSON.stringify(b)
const sizeOf = ([shard]: number[][]) => shard?.reduce((sum, count) => sum + count, 0) ?? 0

interface ShardTableProps {
  shards: number[][]
  names: string[]
  dataset: PlannedPartition['dataset']
}

function ShardTable({ shards, names, dataset }: ShardTableProps) {
  const most = Math.max(1, ...shards.flat())
  const classes = classNamesOf(dataset, shards[0].length)
  const numbered = shards.length <= MAX_NUMBERED
  return (
    <HeatTable
      label={texts.shards.label}
      rowsAre="class"
      rows={classes}
      numbered={numbered}
      columns={shards.map((shard, rank) => ({
        key: rank,
        header: <WorkerColumn rank={rank} name={names[rank]} marked={numbered} />,
        fractions: shard.map((count) => count / most),
        text: (label) => formatCount(shard[label]),
        title: (label) => texts.shards.cell(classes[label], shard[label], names[rank] ?? texts.worker(rank)),
      }))}
    />
  )
}

/** powers of ten between which the skew can be slid */
const [LEAST, MOST] = [-2, 2]

function AlphaSlider({ alpha }: { alpha: number }) {
  const slide = (power: number) => setDraft({ ...useLab.getState().draft, alpha: String(Number((10 ** power).toPrecision(2))) })
  return (
    <div className="alpha-slider">
      <span className="number">{texts.shards.alpha(formatNumber(alpha))}</span>
      <Slider
        size="sm"
        label={null}
        min={LEAST}
        max={MOST}
        step={0.1}
        value={Math.min(MOST, Math.max(LEAST, Math.log10(alpha)))}
        onChange={slide}
        thumbLabel={texts.shards.slider}
        thumbProps={{ 'aria-valuetext': formatNumber(alpha) }}
      />
    </div>
  )
}
