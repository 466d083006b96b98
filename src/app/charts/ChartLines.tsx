import { useActiveTooltipDataPoints } from 'recharts'
import { type ChartRow, rawKey } from '../metrics/chart-rows.ts'
import { Marks } from '../widgets/Marker.tsx'
import type { ChartLine } from './chart-props.ts'
import { linePath } from './line-path.ts'
import { isMarked, MARK_SCALE, RAW_OPACITY, rawLinesOf } from './marks.ts'
import { type Point, usePlace } from './use-place.ts'

interface Props {
  rows: ChartRow[]
  lines: ChartLine[]
}

/** All lines of a chart with their marks, a path each: components of recharts for 32 workers would keep the page for tenths of a second. */
export function ChartLines({ rows, lines }: Props) {
  const place = usePlace()
  if (!place) return null
  const raw = rawLinesOf(lines).filter(({ key }) => rows.some((row) => row[rawKey(key)] !== undefined))
  const points = lines.map(({ key }) => rows.map((row) => place(row.x, row[key])))
  return (
    <g className="chart-lines" fill="none" strokeLinejoin="round">
      {raw.map(({ key, color }) => (
        <path key={key} d={linePath(rows.map((row) => place(row.x, row[rawKey(key)])))} stroke={color} strokeOpacity={RAW_OPACITY} />
      ))}
      {lines.map(({ key, color, width, dash, faint }, i) => (
        <path
          key={key}
          d={linePath(points[i])}
          stroke={color}
          strokeWidth={width}
          strokeDasharray={dash}
          strokeOpacity={faint ? 0.5 : undefined}
        />
      ))}
      {lines.map((line, i) => (line.rank === null ? single(line, points[i]) : marks(line.rank, points[i])))}
    </g>
  )
}

/** A point on each line at the position that is being read. */
export function ActivePoints({ lines }: Pick<Props, 'lines'>) {
  const place = usePlace()
  const row = useActiveTooltipDataPoints<ChartRow>()?.find(({ step }) => step !== undefined)
  if (!place || !row) return null
  return lines.map(({ key, color }) => {
    const point = place(row.x, row[key])
    return point && <circle key={key} cx={point[0]} cy={point[1]} r={2.5} fill={color} />
  })
}

/** Workers carry their mark now and then along their line, each at other places. */
function marks(rank: number, points: (Point | null)[]) {
  const marked = isMarked(points.length, rank)
  const places = points.filter((point, i): point is Point => point !== null && marked(i))
  return <Marks key={`marks of ${rank}`} rank={rank} points={places} scale={MARK_SCALE} />
}

/** Lines over all workers show a point where a single value would draw no line. */
function single({ key, color }: ChartLine, points: (Point | null)[]) {
  const [first, second] = points.filter((point) => point !== null)
  return first && !second && <circle key={key} cx={first[0]} cy={first[1]} r={3} fill={color} />
}
