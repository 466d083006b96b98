import { Tooltip } from '@mantine/core'
import { formatNumber, formatPercent, formatRate } from '../../format.ts'
import { type StepTimes, stepTimes, type TimePart, timeParts } from '../../metrics/step-times.ts'
import { useLiveMetrics } from '../../metrics/use-live-metrics.ts'
import { isActive, type RunState } from '../../state.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { Card } from '../../widgets/Card.tsx'
import { Marker } from '../../widgets/Marker.tsx'

const { workers: words } = texts

/** Steps that are averaged. */
const WINDOW = 20

/** Where each worker's time goes, over its last steps, and how fast it is. */
export function TimeBars() {
  const run = useLab((state) => state.run)
  const { metrics } = useLiveMetrics(0)
  const rows = run
    ? run.seats.flatMap(({ name }, rank) => {
        const worker = metrics.workers.get(rank)
        const times = worker && stepTimes(worker, WINDOW)
        return times ? [{ rank, name, times, rate: worker.imagesPerSecond(run.config.batchSize) }] : []
      })
    : []
  const longest = Math.max(...rows.map(({ times }) => times.totalMs))
  const shown = timeParts.filter((part) => part !== 'exchange' || rows.some(({ times }) => times.parts.exchange > 0))
  return (
    <Card
      title={words.times}
      unit={rows.length > 0 ? words.timesUnit(Math.max(...rows.map(({ times }) => times.steps))) : undefined}
      help={words.timesHelp}
      legend={
        rows.length > 0 && (
          <span className="time-legend">
            {shown.map((part) => (
              <span key={part}>
                <i className="time-part" data-part={part} aria-hidden="true" /> {words.parts[part]}
              </span>
            ))}
          </span>
        )
      }
    >
      {rows.length === 0 ? (
        <p className="empty">{emptyText(run)}</p>
      ) : (
        <>
          <ul className="time-bars" aria-label={words.times}>
            {rows.map(({ rank, name, times, rate }) => (
              <li key={rank}>
                <span className="time-worker" title={name}>
                  <Marker rank={rank} />
                  {name}
                </span>
                <Tooltip label={<Parts times={times} />} events={{ hover: true, focus: true, touch: true }} withArrow>
                  {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its numbers are told on keyboard focus too */}
                  <div className="time-bar" tabIndex={0} role="img" aria-label={`${name}: ${sentenceOf(times)}`}>
                    {shown.map((part) => (
                      <i
                        key={part}
                        className="time-part"
                        data-part={part}
                        style={{ width: `${(100 * times.parts[part]) / longest}%` }}
                        aria-hidden="true"
                      />
                    ))}
                  </div>
                </Tooltip>
                <span className="number">{words.ms(formatNumber(times.totalMs))}</span>
                <span className="number dim">{rate === null ? '' : formatRate(rate)}</span>
              </li>
            ))}
          </ul>
          {run?.simulation && rows.length > 1 && <p className="dim note">{words.sharedProcessor}</p>}
        </>
      )}
    </Card>
  )
}

const partText = (part: TimePart, { parts, totalMs }: StepTimes) =>
  words.part(words.parts[part], formatNumber(parts[part]), formatPercent(parts[part] / totalMs))

const partsOf = ({ parts }: StepTimes) => timeParts.filter((part) => part !== 'exchange' || parts.exchange > 0)

const sentenceOf = (times: StepTimes) =>
  partsOf(times)
    .map((part) => partText(part, times))
    .join(', ')

function Parts({ times }: { times: StepTimes }) {
  return partsOf(times).map((part) => <div key={part}>{partText(part, times)}</div>)
}

function emptyText(run: RunState | null): string {
  if (!run) return texts.charts.empty
  return isActive(run) ? texts.charts.emptyPreparing : texts.charts.emptyOver
}
