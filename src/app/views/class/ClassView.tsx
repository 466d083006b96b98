import './class.css'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useActions } from '../../actions.ts'
import { classNamesOf } from '../../class-names.ts'
import { useStart } from '../../form/use-start.ts'
import { useLiveMetrics } from '../../metrics/use-live-metrics.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { Assign } from './Assign.tsx'
import { ClassHead } from './ClassHead.tsx'
import { OrderDialog } from './OrderDialog.tsx'
import { TabTile } from './TabTile.tsx'
import type { TileOrder } from './TileMenu.tsx'
import { tilesOf } from './tiles.ts'

/** From so many tabs on, tiles say less so that all are seen at once. */
const MANY = 13

/** Everybody's tab on one screen. The host steers here, all others look. */
export function ClassView() {
  const room = useLab((state) => state.room)
  const run = useLab((state) => state.run)
  const { metrics } = useLiveMetrics(0)
  // Waiting is a matter of time.
  useLab((state) => state.nowMs)
  const { allowed } = useStart()
  const [assigning, setAssigning] = useState(false)
  const [asked, setAsked] = useState<{ id: string; order: TileOrder } | null>(null)
  if (room.phase === 'removed') return <Outside />
  const host = room.members.some(({ self, host }) => self && host)
  const steered = room.locked && !host && !allowed
  const tiles = tilesOf(room, run, metrics)
  const shards = run?.simulation ? [] : (run?.shards ?? [])
  const mostPictures = Math.max(1, ...shards.flat())
  const classNames = run ? classNamesOf(run.config.dataset, shards[0]?.length ?? 0) : []
  const dense = tiles.length >= MANY
  return (
    <div className="class-view" data-steered={steered || undefined}>
      <ClassHead tiles={tiles} assigning={host && assigning} onAssign={setAssigning} />
      {host && assigning ? (
        <Assign />
      ) : (
        <ul className="tiles" data-dense={dense || undefined} aria-label={texts.class.tabs}>
          {tiles.map((tile) => (
            <TabTile
              key={tile.id}
              tile={tile}
              worker={tile.trains && tile.rank !== null ? metrics.workers.get(tile.rank) : undefined}
              mostPictures={mostPictures}
              classNames={classNames}
              dense={dense}
              onOrder={host && !tile.self && !tile.lost ? (order) => setAsked({ id: tile.id, order }) : null}
            />
          ))}
        </ul>
      )}
      {host && asked && <OrderDialog {...asked} onClose={() => setAsked(null)} />}
    </div>
  )
}

function Outside() {
  const actions = useActions()
  return (
    <div className="class-outside">
      <p>{texts.class.outside}</p>
      <Button size="xs" onClick={actions.comeBack}>
        {texts.removed.comeBack}
      </Button>
    </div>
  )
}
