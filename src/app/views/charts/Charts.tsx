import './charts.css'
import { SegmentedControl } from '@mantine/core'
import { memo, useMemo } from 'react'
import { partnersOf } from '../../../engine/index.ts'
import type { ChartLine, ChartProps, EarlierLine } from '../../charts/chart-props.ts'
import { type ChartDefinition, type ChartName, chartDefinitions, unitOf } from '../../charts/definitions.ts'
import { LineChartCard } from '../../charts/LineChartCard.tsx'
import { useWorkerLines } from '../../charts/use-worker-lines.ts'
import { xAxes } from '../../metrics/chart-rows.ts'
import { type Smoothing, smoothings } from '../../metrics/smoothing.ts'
import { useLiveMetrics } from '../../metrics/use-live-metrics.ts'
import { useStaleSeconds } from '../../metrics/use-stale-seconds.ts'
import { curveOf } from '../../runs/earlier-runs.ts'
import type { NamedRun } from '../../runs/named-runs.ts'
import { isActive, type RunState } from '../../state.ts'
import { useLab } from '../../store.ts'
import { emptyText, texts } from '../../texts/index.ts'
import { Marker } from '../../widgets/Marker.tsx'
import { EarlierRuns, useEarlierRuns } from './EarlierRuns.tsx'
import { Numbers } from './Numbers.tsx'

/** The five charts and the numbers, over one x axis; beside the run's own lines one line of each earlier run. */
export function Charts() {
  const run = useLab((state) => state.run)
  const evaluated = useLab(({ metrics }) => metrics.evaluationCount > 0)
  const nextEvaluation = useLab(({ metrics, run }) => run && nextEvaluationStep(run, metrics.maxStep))
  const workers = useWorkerLines()
  const earlier = useEarlierRuns()
  const stale = useStaleSeconds() !== null
  const alone = run?.seats.length === 1
  const empty = emptyText(run)
  const emptyEvaluation = run && isActive(run) ? evaluationText(run, nextEvaluation) : empty
  const emptyPrice = alone ? (run.simulation ? texts.charts.emptyAloneSimulated : texts.charts.emptyAloneBytes) : emptyEvaluation
  const emptyOf: Record<ChartName, string> = {
    accuracy: emptyEvaluation,
    loss: empty,
    consensus: consensusText(run, evaluated) ?? emptyEvaluation,
    bytes: empty,
    price: emptyPrice,
  }
  return (
    <div className="charts">
      <ChartBar workers={workers} />
      <EarlierRuns runs={earlier} />
      <div className="chart-grid">
        {chartDefinitions.map((definition, slot) => (
          <LiveChart
            key={definition.name}
            slot={slot}
            definition={definition}
            workers={workers}
            earlierRuns={earlier}
            empty={run ? emptyOf[definition.name] : introOf(definition)}
            stale={stale}
          />
        ))}
        <Numbers />
      </div>
    </div>
  )
}

interface LiveChartProps extends Pick<ChartProps, 'empty' | 'stale'> {
  /** the chart's place in the order of drawing */
  slot: number
  definition: ChartDefinition
  workers: ChartLine[]
  earlierRuns: NamedRun[]
}

/** A chart that follows the metrics of the run. */
const LiveChart = memo(function LiveChart({ slot, definition, workers, earlierRuns, empty, stale }: LiveChartProps) {
  const axis = useLab((state) => definition.axisOf(state.xAxis))
  const smoothing = useLab((state) => (definition.noisy ? state.smoothing : 'off'))
  const { metrics, revision } = useLiveMetrics(slot, definition.revisionOf)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the metrics are filled in place; the revision says when
  const rows = useMemo(() => definition.rowsOf(metrics, axis, smoothing), [definition, metrics, axis, smoothing, revision])
  const lines = useMemo(() => definition.linesOf(workers), [definition, workers])
  const earlier = useMemo(
    () => earlierRuns.map((run): EarlierLine => ({ ...run, points: curveOf(run, definition.curve, axis, smoothing) })),
    [earlierRuns, definition, axis, smoothing],
  )
  return (
    <LineChartCard
      {...definition.look}
      unit={unitOf(definition, smoothing)}
      rows={rows}
      lines={lines}
      earlier={earlier}
      xUnit={texts.xAxisUnits[axis]}
      empty={empty}
      stale={stale}
    />
  )
})

function SmoothingControl() {
  const smoothing = useLab((state) => state.smoothing)
  return (
    <select
      className="smoothing"
      aria-label={texts.smoothing.label}
      title={texts.smoothing.help}
      value={smoothing}
      onChange={(event) => useLab.setState({ smoothing: event.currentTarget.value as Smoothing })}
    >
      {smoothings.map((value) => (
        <option key={value} value={value}>
          {texts.smoothing[value]}
        </option>
      ))}
    </select>
  )
}

/** More workers are told by their ranks, as in the drawing of the topology. */
const MOST_NAMED = 8

function ChartBar({ workers }: { workers: ChartLine[] }) {
  const axis = useLab((state) => state.xAxis)
  return (
    <div className="chart-bar">
      <ul className="worker-legend" aria-label={texts.regions.workers}>
        {workers.map(({ rank, name }) => (
          <li key={rank}>
            <Marker rank={rank ?? 0} />
            {workers.length <= MOST_NAMED ? name : <abbr title={name}>{rank}</abbr>}
          </li>
        ))}
      </ul>
      <SmoothingControl />
      <SegmentedControl
        size="xs"
        aria-label={texts.regions.xAxis}
        data={xAxes.map((value) => ({ value, label: texts.xAxis[value] }))}
        value={axis}
        onChange={(value) => useLab.setState({ xAxis: value })}
      />
    </div>
  )
}

/** Before the first run: what a chart will tell, and in the first one what the lab does. */
const introOf = ({ name, look: { help } }: ChartDefinition) => (name === 'accuracy' ? `${texts.charts.intro} ${help}` : help)

function consensusText(run: RunState | null, evaluated: boolean): string | null {
  if (run?.seats.length === 1) return texts.charts.emptyAlone
  if (!run || !evaluated) return null
  const gossip = partnersOf(run.config) === 'neighbors'
  return texts.charts.emptyEqual[gossip ? 'neighbors' : 'everybody']
}

/** The step of the next evaluation; null when that is the one at the end. */
function nextEvaluationStep({ config: { evaluateEvery, steps } }: RunState, step: number): number | null {
  if (evaluateEvery === 0) return null
  const next = (Math.floor(step / evaluateEvery) + 1) * evaluateEvery
  return next < steps ? next : null
}

function evaluationText({ phase }: RunState, step: number | null): string {
  if (phase === 'preparing') return texts.charts.emptyPreparing
  return step === null ? texts.charts.emptyAtEnd : texts.charts.emptyEvaluation(step)
}
