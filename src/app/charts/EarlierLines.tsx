import type { EarlierLine } from './chart-props.ts'
import { linePath } from './line-path.ts'
import { isLettered, LETTER_PX, RAW_OPACITY } from './marks.ts'
import { type Point, usePlace } from './use-place.ts'

/** The lines of compared runs, each with its letter now and then, and faint behind it what was measured where it is smoothed. */
export function EarlierLines({ earlier }: { earlier: EarlierLine[] }) {
  const place = usePlace()
  if (!place) return null
  return (
    <g className="chart-lines" fill="none" strokeLinejoin="round">
      {earlier.map(({ id, look, points }) => {
        const line = points.map(({ x, y }) => place(x, y))
        const lettered = isLettered(line.length, look)
        const letters = line.filter((point, i): point is Point => point !== null && lettered(i))
        return (
          <g key={id}>
            {points.some(({ raw }) => raw !== undefined) && (
              <path d={linePath(points.map(({ x, raw }) => place(x, raw)))} stroke={look.color} strokeOpacity={RAW_OPACITY} />
            )}
            <path d={linePath(line)} stroke={look.color} strokeWidth={1.75} strokeDasharray={look.dash} />
            {/* One text with a place for each of its letters. */}
            <text
              className="run-letter"
              x={letters.map(([x]) => x).join(' ')}
              y={letters.map(([, y]) => y).join(' ')}
              fontSize={LETTER_PX}
              fill={look.color}
            >
              {look.letter.repeat(letters.length)}
            </text>
          </g>
        )
      })}
    </g>
  )
}
