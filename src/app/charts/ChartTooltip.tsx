import { formatNumber } from '../format.ts'
import { type ChartRow, rawKey } from '../metrics/chart-rows.ts'
import { texts } from '../texts/index.ts'
import { Marker } from '../widgets/Marker.tsx'
import { RunSample } from '../widgets/RunSample.tsx'
import type { ChartLine, EarlierLine } from './chart-props.ts'

interface Props {
  lines: ChartLine[]
  earlier: EarlierLine[]
  xUnit: string
  format: (value: number) => string
  /** given by recharts */
  active?: boolean
  payload?: readonly { payload?: Partial<ChartRow> & { x: number } }[]
}

/** Workers named in one tooltip; a long list would leave the chart. */
const MAX_WORKERS = 8

/** The exact values at one position; of an earlier run the last before it. */
export function ChartTooltip({ lines, earlier, xUnit, format, active, payload }: Props) {
  const points = payload?.flatMap((entry) => entry.payload ?? []) ?? []
  // Beyond the end of the run there are places of an earlier one only, and those have no step.
  const [row] = points
  if (!active || !row) return null
  const shown = lines.filter(({ key }) => row[key] !== undefined)
  const workers = shown.filter(({ rank }) => rank !== null)
  const listed = [...shown.filter(({ rank }) => rank === null), ...workers.slice(0, MAX_WORKERS)]
  return (
    <div className="tooltip">
      <strong>
        {[
          ...(row.step === undefined ? [] : [`step ${row.step}`]),
          ...(xUnit === 'steps' && row.step !== undefined ? [] : [`${formatNumber(row.x)} ${xUnit}`]),
        ].join(' · ')}
      </strong>
      <table>
        <tbody>
          {listed.map(({ key, name, rank, color, width, dash }) => (
            <tr key={key}>
              <td>
                {rank === null ? (
                  <svg width="12" height="8" aria-hidden="true">
                    <line x1="0" x2="12" y1="4" y2="4" stroke={color} strokeWidth={width} strokeDasharray={dash} />
                  </svg>
                ) : (
                  <Marker rank={rank} size={10} />
                )}
              </td>
              <td>{name}</td>
              <td className="number">
                {format(row[key] ?? Number.NaN)}
                {row[rawKey(key)] !== undefined && <Raw text={format(row[rawKey(key)] ?? Number.NaN)} />}
              </td>
            </tr>
          ))}
          {earlier.flatMap(({ id, name, look, points }) => {
            const point = points.findLast(({ x }) => x <= row.x)
            return point === undefined
              ? []
              : [
                  <tr key={id}>
                    <td>
                      <RunSample look={look} />
                    </td>
                    <td className="tooltip-run">{name}</td>
                    <td className="number">
                      {format(point.y)}
                      {point.raw !== undefined && <Raw text={format(point.raw)} />}
                    </td>
                  </tr>,
                ]
          })}
        </tbody>
      </table>
      {workers.length > MAX_WORKERS && <div className="dim">and {workers.length - MAX_WORKERS} more workers</div>}
    </div>
  )
}

const Raw = ({ text }: { text: string }) => <span className="dim">{` (${texts.smoothing.raw} ${text})`}</span>
