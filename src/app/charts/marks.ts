/** Shapes that mark a worker's line, so that color is not alone: this many along a line. */
const MARKERS_PER_LINE = 6

/** Their size against that in a legend. */
export const MARK_SCALE = 0.72

/** Of a raw line, behind its smoothed one. */
export const RAW_OPACITY = 0.18

/** Tells of each of so many rows whether a worker's line has its mark there: each worker's are at other places. */
export function isMarked(rows: number, rank: number): (row: number) => boolean {
  const every = Math.max(1, Math.round(rows / MARKERS_PER_LINE))
  const first = Math.min(every - 1, Math.round((rank * every) / MARKERS_PER_LINE) % every)
  return (row) => row % every === first
}
