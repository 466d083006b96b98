import './line-chart.css'
import { useElementSize } from '@mantine/hooks'
import { memo } from 'react'
import { CartesianGrid, Line, LineChart, Tooltip, XAxis, YAxis } from 'recharts'
import { formatPlace } from '../format.ts'
import { type ChartRow, rawKey } from '../metrics/chart-rows.ts'
import type { CurvePoint } from '../runs/earlier-runs.ts'
import { Card } from '../widgets/Card.tsx'
import { ActivePoints, ChartLines } from './ChartLines.tsx'
import { ChartTooltip } from './ChartTooltip.tsx'
import type { ChartLine, ChartProps, EarlierLine } from './chart-props.ts'
import { EarlierLines } from './EarlierLines.tsx'
import { niceTicks } from './ticks.ts'

const none: EarlierLine[] = []
const noValue = () => null

/** One chart: workers thin with their marks, the lines over all workers bold, exact values in the tooltip. */
export const LineChartCard = memo(function LineChartCard({
  title,
  unit,
  help,
  xUnit,
  rows,
  lines,
  earlier = none,
  format,
  formatTick = format,
  log,
  fromZero,
  empty,
  stale,
}: ChartProps) {
  const filled = rows.some((row) => lines.some(({ key }) => row[key] !== undefined))
  const drawn = filled || earlier.some(({ points }) => points.length > 0)
  return (
    <Card title={title} unit={unit} help={help} legend={filled && <LineLegend lines={lines} />} className={stale ? 'chart stale' : 'chart'}>
      {drawn && <Plot {...{ title, xUnit, rows, lines, earlier, format, formatTick, log, fromZero }} />}
      {!filled && <p className={drawn ? 'empty beside-earlier' : 'empty'}>{empty}</p>}
    </Card>
  )
})

function Plot({
  title,
  xUnit,
  rows,
  lines,
  earlier,
  format,
  formatTick,
  log,
  fromZero,
}: Required<Pick<ChartProps, 'title' | 'xUnit' | 'rows' | 'lines' | 'earlier' | 'format' | 'formatTick'>> &
  Pick<ChartProps, 'log' | 'fromZero'>) {
  const { ref, width, height } = useElementSize()
  const y = niceTicks(extent(rows, lines, earlier), { log: log ?? false, count: fromZero ? 5 : 4, fromZero })
  const last = Math.max(0, ...[rows, ...earlier.map(({ points }) => points)].map((line) => line.at(-1)?.x ?? 0))
  const x = niceTicks({ min: 0, max: last }, { log: false, count: 5 })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be drawn on
    <div ref={ref} className="plot" role="group" aria-label={describe(title, rows, lines, format)}>
      {/* A chart in a column that is not shown has no size, and is not worth drawing. */}
      {width > 0 && height > 0 && (
        <LineChart
          width={width}
          height={height}
          data={readable(rows, earlier)}
          margin={margin}
          aria-label={`${title}: arrow keys read the values`}
        >
          <CartesianGrid vertical={false} stroke="var(--grid)" />
          <XAxis
            dataKey="x"
            type="number"
            domain={[0, last]}
            ticks={x.ticks.filter((tick) => tick <= last)}
            tickFormatter={formatPlace}
            tick={axisText}
            stroke="var(--axis)"
            tickLine={false}
            height={20}
            label={{ value: xUnit, position: 'insideBottom', offset: -10, ...axisText }}
          />
          <YAxis
            type="number"
            scale={log ? 'log' : 'linear'}
            domain={y.domain}
            ticks={y.ticks}
            tickFormatter={formatTick}
            tick={axisText}
            axisLine={false}
            tickLine={false}
            width={46}
            allowDataOverflow
          />
          <Tooltip
            isAnimationActive={false}
            filterNull={false}
            content={<ChartTooltip lines={lines} earlier={earlier} xUnit={xUnit} format={format} />}
            cursor={{ stroke: 'var(--axis)' }}
            wrapperStyle={{ zIndex: 20 }}
          />
          {/* Draws nothing: what the tooltip and the keyboard go along. */}
          <Line dataKey={noValue} dot={false} activeDot={false} isAnimationActive={false} />
          <EarlierLines earlier={earlier} />
          <ChartLines rows={rows} lines={lines} />
          <ActivePoints lines={lines} />
        </LineChart>
      )}
    </div>
  )
}

/** Places that tooltip and keyboard go to: the rows, and beyond the end of the run those of the earlier one that went furthest. */
function readable(rows: ChartRow[], earlier: EarlierLine[]): { x: number }[] {
  const end = rows.at(-1)?.x ?? Number.NEGATIVE_INFINITY
  const furthest = earlier.reduce<CurvePoint[]>((best, { points }) => ((points.at(-1)?.x ?? 0) > (best.at(-1)?.x ?? 0) ? points : best), [])
  return [...rows, ...furthest.flatMap(({ x }) => (x > end ? [{ x }] : []))]
}

const axisText = { fontSize: 11, fill: 'var(--dim)' }
const margin = { top: 6, right: 14, bottom: 14, left: 0 }

function extent(rows: ChartRow[], lines: ChartLine[], earlier: EarlierLine[]): { min: number; max: number } {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  const take = (value: number | undefined) => {
    if (value === undefined || !Number.isFinite(value)) return
    if (value < min) min = value
    if (value > max) max = value
  }
  for (const row of rows)
    for (const { key } of lines) {
      take(row[key])
      take(row[rawKey(key)])
    }
  for (const { points } of earlier)
    for (const { y, raw } of points) {
      take(y)
      take(raw)
    }
  return { min, max }
}

function describe(title: string, rows: ChartRow[], lines: ChartLine[], format: (value: number) => string): string {
  const latest = rows.at(-1)
  if (!latest) return title
  const values = lines.flatMap(({ key, name }) => (latest[key] === undefined ? [] : [`${name} ${format(latest[key])}`]))
  return `${title} at step ${latest.step}: ${values.join(', ')}`
}

/** Names the lines over all workers; the workers' own legend stands above the charts. */
function LineLegend({ lines }: { lines: ChartLine[] }) {
  const overall = lines.filter(({ rank }) => rank === null)
  // A single line is what the title says.
  if (lines.length === 1) return null
  return (
    <span className="line-legend">
      {overall.map(({ key, name, color, width, dash }) => (
        <span key={key}>
          <svg width="18" height="8" aria-hidden="true">
            <line x1="0" x2="18" y1="4" y2="4" stroke={color} strokeWidth={width} strokeDasharray={dash} />
          </svg>
          {name}
        </span>
      ))}
    </span>
  )
}
