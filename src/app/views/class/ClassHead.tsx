import { Button } from '@mantine/core'
import { classNamesOf } from '../../class-names.ts'
import { Controls } from '../../panels/header/Controls.tsx'
import { LockButton } from '../../panels/swarm/LockButton.tsx'
import type { Member, RunState } from '../../state.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { mostOf, type Tile } from './tiles.ts'

const NAMED = 3

interface Props {
  tiles: Tile[]
  assigning: boolean
  onAssign(assigning: boolean): void
}

/** Who steers the class, and which place this tab has in it; the host's controls. */
export function ClassHead({ tiles, assigning, onAssign }: Props) {
  const members = useLab((state) => state.room.members)
  const locked = useLab((state) => state.room.locked)
  const run = useLab((state) => state.run)
  const host = members.find((member) => member.host)
  const own = tiles.find(({ self }) => self)
  return (
    <>
      <div>
        {host && <p className="class-steering">{steeringText(host, locked)}</p>}
        {own && <p>{[texts.class.you(own.name, placeText(own, tiles)), shardText(own, run)].filter(Boolean).join(' ')}</p>}
        {run?.simulation && <p className="dim">{texts.class.simulating}</p>}
      </div>
      {host?.self && (
        <div className="class-bar">
          <Controls />
          <div className="class-order">
            <LockButton labelled />
            <Button size="xs" variant={assigning ? 'filled' : 'default'} aria-pressed={assigning} onClick={() => onAssign(!assigning)}>
              {assigning ? texts.class.assignDone : texts.class.assign}
            </Button>
          </div>
        </div>
      )}
    </>
  )
}

function steeringText({ self, name }: Member, locked: boolean): string {
  if (self) return locked ? texts.class.hostLocked : texts.class.host
  return locked ? texts.class.locked(name) : texts.class.open(name)
}

function placeText({ rank, busy, sitsOut }: Tile, tiles: Tile[]): string {
  const workers = tiles.filter((tile) => tile.rank !== null).length
  if (rank !== null) return workers === 1 ? texts.class.onlyWorker : texts.class.worker(rank, workers)
  if (busy) return texts.class.youAreBusy
  return sitsOut ? texts.class.youSitOut : texts.class.youWatch
}

function shardText({ shard }: Tile, run: RunState | null): string {
  if (!shard || !run) return ''
  return texts.class.yourShard(mostOf(shard, classNamesOf(run.config.dataset, shard.length), NAMED))
}
