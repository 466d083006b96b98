import type { ChartRow } from '../metrics/chart-rows.ts'
import type { CurvePoint } from '../runs/earlier-runs.ts'
import type { RunLook } from '../runs/looks.ts'

/** The line of a worker, or one over all workers. */
export interface ChartLine {
  key: string
  name: string
  /** a worker's rank, or null for a line over all workers */
  rank: number | null
  color: string
  width: number
  dash?: string
  /** noisy lines stand back behind their mean */
  faint?: boolean
}

/** The curve of a run that was on screen before. Its points have steps and places along x of their own. */
export interface EarlierLine {
  id: string
  name: string
  look: RunLook
  points: CurvePoint[]
}

/** What a chart shows and how, on screen and in pictures. */
export interface ChartProps {
  title: string
  /** unit of the values, after the title */
  unit?: string
  /** what the chart tells, for those who see such a thing for the first time */
  help: string
  xUnit: string
  rows: ChartRow[]
  lines: ChartLine[]
  earlier?: EarlierLine[]
  format: (value: number) => string
  formatTick?: (value: number) => string
  log?: boolean
  /** the axis of the values begins at zero */
  fromZero?: boolean
  /** what will appear here, while there is nothing */
  empty: string
  /** lines are drawn faint when they are not news any more */
  stale: boolean
}
