import { classNamesOf } from '../class-names.ts'
import { formatCount } from '../format.ts'
import { isActive, useLab } from '../store.ts'
import { texts } from '../texts.ts'
import { Card } from '../widgets/Card.tsx'
import { Marker } from '../widgets/Marker.tsx'

/** Columns with room for a number in each cell. */
const MAX_NUMBERED = 8

/** Pictures of each class that each worker holds: the darker, the more. */
export function ShardHeatMap() {
  const run = useLab((state) => state.run)
  const classNames = run ? classNamesOf(run.config.dataset) : []
  const shards = run?.shards
  if (!run || !shards || shards.length === 0)
    return (
      <Card title="Shards" unit="pictures by class and worker" help={texts.cardHelp.shards}>
        <p className="empty">{run && !isActive(run) ? texts.empty.shardsOver : texts.empty.shards}</p>
      </Card>
    )
  const columns = shards.map((shard, rank) => ({ shard, rank }))
  const most = Math.max(1, ...shards.flat())
  const classes = shards[0].map((_, label) => classNames[label] ?? `class ${label}`)
  const total = shards[0].reduce((sum, count) => sum + count, 0)
  const numbered = shards.length <= MAX_NUMBERED
  return (
    <Card title="Shards" unit={`${formatCount(total)} pictures per worker`} help={texts.cardHelp.shards}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
      <section className="heat" tabIndex={0} aria-label="Pictures by class and worker">
        <table data-numbered={numbered}>
          <thead>
            <tr>
              <th scope="col">class</th>
              {columns.map(({ rank }) => (
                <th scope="col" key={rank}>
                  <span title={run.seats[rank]?.name}>
                    {numbered && <Marker rank={rank} size={10} />} <span className="number">{rank}</span>
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {classes.map((name, label) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {columns.map(({ shard, rank }) => (
                  <td
                    key={rank}
                    style={cellStyle((shard[label] ?? 0) / most)}
                    title={`${name}: ${formatCount(shard[label] ?? 0)} pictures at ${run.seats[rank]?.name ?? `worker ${rank}`}`}
                  >
                    {numbered ? formatCount(shard[label] ?? 0) : <span className="visually-hidden">{shard[label] ?? 0}</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  )
}

/** Share of the accent color by count; numbers turn over to the light text where the cell is dark. */
function cellStyle(fraction: number) {
  const strength = Math.round(100 * Math.sqrt(fraction))
  return {
    background: `color-mix(in oklab, var(--heat) ${strength}%, var(--card))`,
    color: strength > 55 ? 'var(--on-heat)' : undefined,
    opacity: fraction === 0 ? 0.55 : undefined,
  }
}
