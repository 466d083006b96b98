import { memo } from 'react'
import { quadraticMethodIds, quadraticMethods } from '../../cluster/quadratic/index.ts'
import type { ChartLine } from '../charts/chart-props.ts'
import { LineChartCard } from '../charts/LineChartCard.tsx'
import { formatNumber } from '../format.ts'
import type { ChartRow } from '../metrics/chart-rows.ts'
import { workerColor } from '../theme.ts'
import { texts } from './texts.ts'
import type { ShownCurve } from './use-curves.ts'

/** Points of one line: so few that drawing does not hold up the controls. */
const MAX_ROWS = 200
/** A distance of zero has no place on a logarithmic axis. */
const SMALLEST = 1e-9

interface Props {
  k: number
  shown: ShownCurve[]
}

const ofK = ({ shown, k }: Props) => shown.filter(({ curve }) => curve.k === null || curve.k === k)

/** A curve of another k is no reason to draw this chart again. */
function isSame(a: Props, b: Props): boolean {
  const [before, after] = [ofK(a), ofK(b)]
  return a.k === b.k && before.length === after.length && before.every((shown, i) => shown === after[i])
}

/** Distance to the optimum against steps, of all methods at one k. */
export const DistanceCard = memo(function DistanceCard(props: Props) {
  const { rows, lines } = chartOf(ofK(props))
  return (
    <LineChartCard
      title={texts.distance(props.k)}
      help={texts.distanceHelp}
      xUnit="steps"
      rows={rows}
      lines={lines}
      format={formatNumber}
      formatTick={powerTick}
      log
      empty={texts.computing}
      stale={false}
    />
  )
}, isSame)

const powerTick = (value: number) => (value < 1e-2 || value >= 1e4 ? value.toExponential() : formatNumber(value))

function chartOf(shown: ShownCurve[]): { rows: ChartRow[]; lines: ChartLine[] } {
  const steps = Math.max(0, ...shown.map(({ experiment }) => experiment.steps))
  const every = Math.max(1, Math.ceil(steps / MAX_ROWS))
  const rows: ChartRow[] = []
  for (let step = 0; step <= steps; step += every) {
    const row: ChartRow = { x: step, step }
    for (const { curve } of shown) if (step < curve.distances.length) row[curve.method] = Math.max(SMALLEST, curve.distances[step])
    rows.push(row)
  }
  const lines = shown.map(({ curve }) => {
    const rank = quadraticMethodIds.indexOf(curve.method)
    return { key: curve.method, name: quadraticMethods[curve.method].title, rank, color: workerColor(rank), width: 1.5 }
  })
  return { rows, lines }
}
