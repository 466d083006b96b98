import { workerColor, workerMarker } from '../theme.ts'
import { markerPaths } from './marker-paths.ts'

/** A worker's shape and color inside a chart or drawing. */
export function MarkerPath({ rank, x, y, scale = 1 }: { rank: number; x: number; y: number; scale?: number }) {
  return (
    <path
      d={markerPaths[workerMarker(rank)]}
      transform={`translate(${x} ${y}) scale(${scale})`}
      fill={workerColor(rank)}
      stroke="var(--card)"
      strokeWidth={0.6}
    />
  )
}

/** The same in text. Decoration: the worker's name always stands beside it. */
export function Marker({ rank, size = 12 }: { rank: number; size?: number }) {
  return (
    <svg className="marker" width={size} height={size} viewBox="-6 -6 12 12" aria-hidden="true">
      <MarkerPath rank={rank} x={0} y={0} />
    </svg>
  )
}
