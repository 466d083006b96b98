import { Progress } from '@mantine/core'
import { formatCount, formatDuration, formatRate } from '../../format.ts'
import type { MetricsStore } from '../../metrics/metrics-store.ts'
import { useStaleSeconds } from '../../metrics/use-stale-seconds.ts'
import { startSummary } from '../../sentence.ts'
import type { RunState } from '../../state.ts'
import { useLab } from '../../store.ts'
import { stageText, texts } from '../../texts/index.ts'

/** Phase, steps done, speed and time of the run. */
export function RunProgress() {
  const run = useLab((state) => state.run)
  const metrics = useLab((state) => state.metrics)
  useLab((state) => state.metricsVersion)
  const staleSeconds = useStaleSeconds()
  const next = useLab(startSummary)
  if (!run) return <div className="progress idle">{next ?? texts.idle}</div>
  const step = metrics.maxStep
  const { steps } = run.config
  const rate = run.phase === 'running' ? totalRate(metrics, run) : null
  const preparing = run.phase === 'preparing' ? run.simulation?.preparing : null
  const facts = preparing
    ? [`${stageText(preparing.stage)} ${Math.floor(100 * preparing.fraction)} %`]
    : [`${formatCount(step)} of ${formatCount(steps)} steps`]
  if (rate !== null && staleSeconds === null) facts.push(formatRate(rate))
  if (metrics.seconds > 0 && staleSeconds === null) facts.push(formatDuration(metrics.seconds))
  if (run.simulation) facts.push(texts.simulated)
  return (
    <div className="progress" data-phase={run.phase}>
      <div className="progress-text">
        <span className="phase" data-phase={staleSeconds === null ? run.phase : 'stale'}>
          {staleSeconds === null ? texts.runPhase[run.phase] : `No news for ${staleSeconds} s`}
        </span>
        <span className="number">{facts.join(' · ')}</span>
      </div>
      <Progress
        size={5}
        value={100 * (preparing?.fraction ?? step / steps)}
        color={preparing ? 'gray' : barColor(run)}
        aria-label={facts.join(', ')}
      />
    </div>
  )
}

function totalRate(metrics: MetricsStore, run: RunState): number | null {
  const rates = metrics
    .ranked()
    .flatMap((worker) => (run.seats[worker.rank]?.lost ? [] : [worker.imagesPerSecond(run.config.batchSize) ?? 0]))
  const total = rates.reduce((sum, rate) => sum + rate, 0)
  return total > 0 ? total : null
}

function barColor({ phase }: RunState): string {
  switch (phase) {
    case 'failed':
      return 'red'
    case 'stopped':
    case 'paused':
      return 'gray'
    case 'preparing':
    case 'running':
    case 'finished':
    case 'replay':
      return 'indigo'
    default:
      phase satisfies never
      return 'gray'
  }
}
