import './predictions.css'
import { NativeSelect } from '@mantine/core'
import { useMemo, useState } from 'react'
import { classNamesOf } from '../../class-names.ts'
import { useInsight } from '../../insight/insight-store.ts'
import { predictionsOf, type ShownPictures, saidAt } from '../../insight/recorded-insight.ts'
import type { MetricsStore } from '../../metrics/metrics-store.ts'
import { isActive, type RunState } from '../../state.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { Card } from '../../widgets/Card.tsx'
import { Marker } from '../../widgets/Marker.tsx'
import { ConfusionCard } from './ConfusionCard.tsx'
import { OwnPictures } from './OwnPictures.tsx'
import { Strip } from './Strip.tsx'

const { predictions: words } = texts

/** What this tab's worker, or one of those that it simulates, makes of test pictures, beside the averaged model; and what it learns from. */
export function Predictions() {
  const run = useLab((state) => state.run)
  // Undefined when the run on screen is no recording.
  const kept = useLab(({ replay }) => replay?.insight)
  const live = useInsight(({ run: of, insight }) => (of === run?.id ? insight.pictures : none))
  const shown = kept === undefined ? live : (kept?.pictures ?? none)
  const [chosen, setChosen] = useState(0)
  const ranks = [...shown.keys()].sort((a, b) => a - b)
  const rank = ranks.includes(chosen) ? chosen : ranks[0]
  const pictures = shown.get(rank)
  const wound = useLab(({ replay, metrics }) => (replay ? evaluatedStep(metrics, rank) : Number.POSITIVE_INFINITY))
  const latest = useInsight(({ run: of, insight }) => (of === run?.id ? saidAt(insight, rank, Number.POSITIVE_INFINITY) : undefined))
  const recorded = kept === undefined ? latest : kept && saidAt(kept, rank, wound)
  const said = useMemo(() => recorded && { step: recorded.step, ...predictionsOf(recorded) }, [recorded])
  if (!run || !pictures)
    return (
      <Card title={words.title} help={words.help}>
        <p className="empty">{kept === null ? words.emptyRecording : emptyText(run)}</p>
      </Card>
    )
  const classes = classNamesOf(run.config.dataset, said ? Math.sqrt(said.confusion.length) : MOST_CLASSES)
  const nameOf = (rank: number) => run.seats[rank]?.name ?? `worker ${rank}`
  const alone = run.seats.length === 1
  return (
    <div className="predictions">
      <div className="whose">
        <Marker rank={rank} size={14} />
        {ranks.length > 1 ? (
          <NativeSelect
            size="xs"
            aria-label={words.whose}
            value={rank}
            onChange={(event) => setChosen(Number(event.currentTarget.value))}
            data={ranks.map((rank) => ({ value: String(rank), label: nameOf(rank) }))}
          />
        ) : (
          <strong>{nameOf(rank)}</strong>
        )}
        <span className="dim">{said ? words.after(said.step) : words.noneYet}</span>
      </div>
      <Strip pictures={pictures.strip} said={said ?? undefined} classes={classes} rank={rank} name={nameOf(rank)} alone={alone} />
      {said && <ConfusionCard said={said} classes={classes} name={nameOf(rank)} alone={alone} />}
      <OwnPictures pictures={pictures.own} classes={classes} name={nameOf(rank)} shard={run.shards?.[rank]} />
    </div>
  )
}

const none: ReadonlyMap<number, ShownPictures> = new Map()

/** The step of a worker's last evaluation, where the recording is wound; below all steps before the first. */
const evaluatedStep = ({ workers }: MetricsStore, rank: number) => {
  const evaluations = workers.get(rank)?.evaluations
  return evaluations && evaluations.length > 0 ? evaluations.last('step') : Number.NEGATIVE_INFINITY
}

/** Labels are bytes. */
const MOST_CLASSES = 256

function emptyText(run: RunState | null): string {
  if (!run) return words.empty
  if (run.phase === 'preparing') return texts.charts.emptyPreparing
  return isActive(run) ? words.emptyWatching : texts.charts.emptyOver
}
