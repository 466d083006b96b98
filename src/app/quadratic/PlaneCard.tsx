import { SegmentedControl } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useId, useState } from 'react'
import { optimum, type QuadraticProblem, quadraticMethodIds, quadraticMethods } from '../../cluster/quadratic/index.ts'
import { niceTicks } from '../charts/ticks.ts'
import { formatPlace } from '../format.ts'
import { workerColor } from '../theme.ts'
import { Card } from '../widgets/Card.tsx'
import { Marks } from '../widgets/Marker.tsx'
import { contourAxes, type Frame, frameOf, nearPart, type PlaneView, type Point } from './plane-view.ts'
import { texts } from './texts.ts'
import type { ShownCurve } from './use-curves.ts'

interface Props {
  problem: QuadraticProblem
  /** values of k, ascending */
  k: number[]
  shown: ShownCurve[]
}

/** The methods' ways over the contour lines of the global objective. */
export function PlaneCard({ problem, k, shown }: Props) {
  const [view, setView] = useState<PlaneView>('whole')
  const [chosen, setChosen] = useState<number | null>(null)
  const { ref, width, height } = useElementSize()
  const drawn = chosen !== null && k.includes(chosen) ? chosen : k[0]
  const curves = shown.filter(({ curve }) => curve.k === null || curve.k === drawn)
  return (
    <Card
      title={texts.plane}
      unit={`k = ${drawn}`}
      help={texts.planeHelp}
      className="plane-card"
      legend={
        <div className="plane-choices">
          {k.length > 1 && (
            <SegmentedControl
              size="xs"
              aria-label={texts.drawnK}
              data={k.map((value) => ({ value: String(value), label: `k = ${value}` }))}
              value={String(drawn)}
              onChange={(value) => setChosen(Number(value))}
            />
          )}
          <SegmentedControl
            size="xs"
            aria-label={texts.view}
            data={[
              { value: 'whole', label: texts.views.whole },
              { value: 'near', label: texts.views.near },
            ]}
            value={view}
            onChange={(value) => setView(value as PlaneView)}
          />
        </div>
      }
    >
      <div ref={ref} className="plane">
        {width > 0 && height > 0 && <Drawing {...{ problem, curves, view, width, height }} />}
      </div>
    </Card>
  )
}

interface DrawingProps {
  problem: QuadraticProblem
  curves: ShownCurve[]
  view: PlaneView
  width: number
  height: number
}

/** Room for the numbers along the axes. */
const LEFT = 44
const BOTTOM = 20

function Drawing({ problem, curves, view, width, height }: DrawingProps) {
  const clip = useId()
  const size = { width: width - LEFT, height: height - BOTTOM }
  const frame = frameOf(view, problem, curves, size)
  const best = optimum(problem)
  const [cx, cy] = frame.place([best[0], best[1]])
  const [ux] = frame.place([best[0] + 1, best[1]])
  return (
    <svg width={width} height={height} role="img" aria-label={describe(curves)}>
      <clipPath id={clip}>
        <rect width={size.width} height={size.height} />
      </clipPath>
      <g transform={`translate(${LEFT} 0)`}>
        <g clipPath={`url(#${clip})`}>
          {contourAxes(problem, frame).map(([a, b], i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: contours have no other identity
            <ellipse key={i} className="contour" cx={cx} cy={cy} rx={a * (ux - cx)} ry={b * (ux - cx)} />
          ))}
          {/* The methods that are named first, and settle nearest, lie on top. */}
          {curves.toReversed().map((shown) => (
            <Way key={shown.curve.method} shown={shown} frame={frame} view={view} />
          ))}
          <Landmark frame={frame} at={problem.start} label={[texts.start]} kind="start" width={size.width} />
          {problem.minimizer.map((at, worker) => (
            <Landmark
              key={texts.minimizer(worker)[1]}
              frame={frame}
              at={at}
              label={texts.minimizer(worker)}
              kind="minimizer"
              width={size.width}
            />
          ))}
          <Landmark frame={frame} at={best} label={[texts.optimum]} kind="optimum" width={size.width} />
        </g>
        <rect className="plane-edge" width={size.width} height={size.height} />
        <Axes frame={frame} height={size.height} />
      </g>
    </svg>
  )
}

/** Where marks stand along a way, as shares of its steps; the last is its end. */
const MARKS = { whole: [0.01, 0.03, 0.06, 0.1, 0.2, 0.4, 1], near: [1] }

function Way({ shown: { curve }, frame, view }: { shown: ShownCurve; frame: Frame; view: PlaneView }) {
  const rank = quadraticMethodIds.indexOf(curve.method)
  const places = (view === 'near' ? nearPart(curve.path) : curve.path).map(frame.place)
  const last = places.length - 1
  return (
    <g>
      <polyline className="way" points={places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')} stroke={workerColor(rank)} />
      {MARKS[view].map((share) => {
        const [x, y] = places[Math.round(share * last)]
        return <Marks key={share} rank={rank} points={[[x, y]]} scale={share === 1 ? 1.5 : 0.9} />
      })}
    </g>
  )
}

interface LandmarkProps {
  frame: Frame
  at: readonly number[]
  /** one line of text each, above the mark but for the optimum's */
  label: readonly string[]
  kind: 'start' | 'minimizer' | 'optimum'
  width: number
}

const LINE_HEIGHT = 14

function Landmark({ frame, at, label, kind, width }: LandmarkProps) {
  const [x, y] = frame.place([at[0], at[1]])
  // Beside the start, which may lie at the upper edge.
  const beside = kind === 'start'
  const anchor = beside || x < width * 0.25 ? 'start' : x > width * 0.7 ? 'end' : 'middle'
  const left = beside ? 10 : anchor === 'start' ? -6 : anchor === 'end' ? 6 : 0
  const top = beside ? 4 : kind === 'optimum' ? 21 : -10 - (label.length - 1) * LINE_HEIGHT
  return (
    <g className="landmark" data-kind={kind} transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
      {kind === 'optimum' ? <path d="M-8 0H8M0-8V8" /> : <circle r={kind === 'start' ? 4 : 5} />}
      {kind === 'minimizer' && <circle r={1.5} className="landmark-dot" />}
      <text y={top} textAnchor={anchor}>
        {label.map((line, i) => (
          <tspan key={line} x={left} dy={i === 0 ? 0 : LINE_HEIGHT}>
            {line}
          </tspan>
        ))}
      </text>
    </g>
  )
}

function Axes({ frame, height }: { frame: Frame; height: number }) {
  const inside = ([low, high]: [number, number], count: number) => {
    const { ticks } = niceTicks({ min: low, max: high }, { log: false, count })
    return ticks.filter((tick) => tick >= low && tick <= high)
  }
  const place = (x: number, y: number): Point => frame.place([x, y])
  return (
    <g className="plane-axes">
      {inside(frame.x, 6).map((tick) => (
        <text key={tick} x={place(tick, 0)[0]} y={height + 14} textAnchor="middle">
          {formatPlace(tick)}
        </text>
      ))}
      {inside(frame.y, 5).map((tick) => (
        <text key={tick} x={-6} y={place(0, tick)[1] + 4} textAnchor="end">
          {formatPlace(tick)}
        </text>
      ))}
    </g>
  )
}

function describe(curves: ShownCurve[]): string {
  const ends = curves.flatMap(({ curve }) => {
    const end = curve.path.at(-1)
    return end ? [`${quadraticMethods[curve.method].title} ends at ${end.map((value) => formatPlace(value)).join(', ')}`] : []
  })
  return `${texts.plane}: ${ends.join('; ')}`
}
