import { type RunLook, runLooks } from '../runs/looks.ts'
import type { ChartLine } from './chart-props.ts'

/** Shapes that mark a worker's line, so that color is not alone: this many along a line. */
const MARKERS_PER_LINE = 6
/** Letters on the line of a compared run. */
const LETTERS_PER_LINE = 3
export const LETTER_PX = 11

/** Their size against that in a legend. */
export const MARK_SCALE = 0.72

/** Of a raw line, behind its smoothed one. */
export const RAW_OPACITY = 0.18
const MOST_RAW_WORKERS = 8

/** The lines that have what was measured behind them: of many workers only those over all of them, or nothing else would be seen. */
export function rawLinesOf(lines: readonly ChartLine[]): ChartLine[] {
  const many = lines.filter(({ rank }) => rank !== null).length > MOST_RAW_WORKERS
  return lines.filter(({ rank }) => rank === null || !many)
}

/** Tells of each of so many rows whether a worker's line has its mark there: each worker's are at other places. */
export function isMarked(rows: number, rank: number): (row: number) => boolean {
  const every = Math.max(1, Math.round(rows / MARKERS_PER_LINE))
  const first = Math.min(every - 1, Math.round((rank * every) / MARKERS_PER_LINE) % every)
  return (row) => row % every === first
}

/** Tells of each of so many points whether the line of a compared run has its letter there: each run's are at other places. */
export function isLettered(points: number, { letter }: RunLook): (point: number) => boolean {
  const every = Math.max(1, Math.ceil(points / LETTERS_PER_LINE))
  // Not at the edges, where all lines begin, and where a letter would leave the chart.
  const place = (runLooks.findIndex((look) => look.letter === letter) + 1) / (runLooks.length + 1)
  const first = Math.floor(every * place)
  return (point) => point % every === first
}
