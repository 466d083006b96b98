import './marker.css'
import { workerColor, workerMarker } from '../theme.ts'
import { marksPath } from './marker-paths.ts'

type Point = readonly [x: number, y: number]

/** A worker's shape in its color at each of these points of a chart or drawing, all of them one path. */
export function Marks({ rank, points, scale = 1 }: { rank: number; points: readonly Point[]; scale?: number }) {
  return (
    <path
      d={marksPath(workerMarker(rank), points, scale)}
      transform={scale === 1 ? undefined : `scale(${scale})`}
      fill={workerColor(rank)}
      stroke="var(--card)"
      strokeWidth={0.6}
    />
  )
}

const origin: Point[] = [[0, 0]]

/** The same in text. Decoration: the worker's name always stands beside it. */
export function Marker({ rank, size = 12 }: { rank: number; size?: number }) {
  return (
    <svg className="marker" width={size} height={size} viewBox="-6 -6 12 12" aria-hidden="true">
      <Marks rank={rank} points={origin} />
    </svg>
  )
}
