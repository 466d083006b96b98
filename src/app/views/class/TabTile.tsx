import { Progress } from '@mantine/core'
import { formatPercent, formatRate } from '../../format.ts'
import type { WorkerMetrics } from '../../metrics/metrics-store.ts'
import { texts } from '../../texts/index.ts'
import { workerColor } from '../../theme.ts'
import { Marker } from '../../widgets/Marker.tsx'
import { lossCurve } from './loss-curve.ts'
import { ShardBar } from './ShardBar.tsx'
import { Sparkline } from './Sparkline.tsx'
import { TileMenu, type TileOrder } from './TileMenu.tsx'
import { TileTags } from './TileTags.tsx'
import type { Tile } from './tiles.ts'

interface Props {
  tile: Tile
  /** its metrics in the run on screen */
  worker: WorkerMetrics | undefined
  /** the most pictures of a class that any worker has, and what the classes are called */
  mostPictures: number
  classNames: string[]
  /** many tabs: one line less, and no names of adapters */
  dense: boolean
  /** what the host wants with it; null where this tab may not */
  onOrder: ((order: TileOrder) => void) | null
}

export function TabTile({ tile, worker, mostPictures, classNames, dense, onOrder }: Props) {
  const { name, rank, self, host, lost, status, device, imagesPerSecond, trains, accuracy, shard } = tile
  const color = rank === null ? 'var(--axis)' : workerColor(rank)
  const deviceText = device ? `${device.kind} · ${device.name}` : texts.class.noDevice
  return (
    <li className="tile" data-self={self || undefined} data-lost={lost || undefined} style={{ borderLeftColor: color }}>
      <div className="tile-head">
        {rank !== null && <Marker rank={rank} size={13} />}
        <strong className="tile-name" title={name}>
          {name}
        </strong>
        {!dense && <TileTags self={self} host={host} />}
        <TileRank rank={rank} next={tile.next} dense={dense} />
        {onOrder && <TileMenu name={name} linked={tile.link === 'open'} onOrder={onOrder} />}
      </div>
      <div className="tile-line">
        <span className={`status ${status.tone}`} title={status.text}>
          {status.text}
        </span>
        <span className="number">{imagesPerSecond === null || status.tone ? '' : formatRate(imagesPerSecond)}</span>
      </div>
      {!dense && !lost && (
        <div className="tile-line dim">
          <span className="tile-device" title={deviceText}>
            {deviceText}
          </span>
          {tile.link === 'open' && <span>{texts.class.linked}</span>}
        </div>
      )}
      <div className="tile-line tile-figures">
        <span className="number dim" title={deviceText}>
          {[dense && !lost && device?.kind, trains && stepText(trains, dense)].filter(Boolean).join(' · ')}
        </span>
        <span className="number">{trains && accuracyText(accuracy, dense)}</span>
      </div>
      {trains && (
        <Progress
          size={3}
          value={(100 * trains.step) / trains.steps}
          color={lost ? 'gray' : undefined}
          aria-label={`${name}: ${texts.class.stepOf(trains.step, trains.steps)}`}
        />
      )}
      {trains && (
        <div className="tile-pictures">
          <Sparkline values={worker ? lossCurve(worker) : []} name={name} color={color} />
          {shard && <ShardBar name={name} shard={shard} most={mostPictures} classNames={classNames} color={color} />}
        </div>
      )}
      <TileNotes tile={tile} dense={dense} />
    </li>
  )
}

const stepText = ({ step, steps }: { step: number; steps: number }, dense: boolean) =>
  dense ? `${step}/${steps}` : texts.class.stepOf(step, steps)

function accuracyText(accuracy: number | null, dense: boolean): string {
  if (accuracy === null) return dense ? '' : texts.class.notEvaluated
  return dense ? formatPercent(accuracy) : texts.class.right(formatPercent(accuracy))
}

/** The rank now, and where an arrow leads in the next run. */
function TileRank({ rank, next, dense }: Pick<Tile, 'rank' | 'next'> & { dense: boolean }) {
  const now = rank === null ? texts.class.watching : texts.class.rank(rank)
  const then = next && (next === 'out' ? texts.class.nextOut : texts.class.nextRank(next.rank))
  return (
    <span className="tile-rank" title={then ? `${now}, ${then}` : now}>
      <span aria-hidden="true">
        {dense ? (rank ?? '–') : now}
        {next && `${dense ? '→' : ' → '}${next === 'out' ? texts.class.out : next.rank}`}
      </span>
      <span className="visually-hidden">{then ? `${now}, ${then}` : now}</span>
    </span>
  )
}

/** What is unusual about a tab; between many, also whose it is, for names need the room above. */
function TileNotes({ tile: { self, host, hidden, busy }, dense }: { tile: Tile; dense: boolean }) {
  if (!hidden && !busy && !(dense && (self || host))) return null
  return (
    <div className="tags tile-notes">
      {dense && <TileTags self={self} host={host} />}
      {hidden && (
        <span className="tag warn" title={texts.hiddenWarning}>
          {texts.class.hidden}
        </span>
      )}
      {busy && (
        <span className="tag warn" title={texts.status.busy}>
          {texts.class.busy}
        </span>
      )}
    </div>
  )
}
