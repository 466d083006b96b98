import './topology.css'
import { useEffect, useMemo, useRef, useState } from 'react'
import { exchangeGraph, partnersOf, type RunConfig } from '../../../engine/index.ts'
import { totalBytes } from '../../../p2p/index.ts'
import { type ExchangeGraph, edgesOf, isNextRunDifferent, type Participant, plannedExchange, workersOf } from '../../cluster-view.ts'
import { simulatedWorkers } from '../../form/check-run.ts'
import { formatBytes, formatNumber } from '../../format.ts'
import type { MetricsStore } from '../../metrics/metrics-store.ts'
import { useLiveMetrics } from '../../metrics/use-live-metrics.ts'
import type { LinkBytes, RunState } from '../../state.ts'
import { useLab } from '../../store.ts'
import { optionLabel, texts } from '../../texts/index.ts'
import { workerColor } from '../../theme.ts'
import { Card } from '../../widgets/Card.tsx'
import { LinkTable } from './LinkTable.tsx'
import { nameLength, nodePositions, type Point } from './topology-layout.ts'

const WIDTH = 300
const HEIGHT = 176
/** half a period of the dashes of an active link */
const DASH_STEP = 4.5

/** Who gossips with whom, in the run on screen or in the next one. A link lights up when bytes have crossed it since the last refresh. */
export function Topology() {
  const room = useLab((state) => state.room)
  const run = useLab((state) => state.run)
  const draft = useLab((state) => state.draft)
  const next = useMemo(() => plannedExchange(draft), [draft])
  const planned = useLab(simulatedWorkers)
  const different = isNextRunDifferent(room, run, next, planned)
  const shownRun = different ? null : run
  const config = shownRun?.config ?? next
  const graph = exchangeGraph(config)
  const label = exchangeLabel(config)
  const workers = workersOf(room, shownRun, planned)
  const { edges, problem } = edgesOf(graph, workers)
  const positions = useMemo(() => nodePositions(graph, workers.length, WIDTH, HEIGHT), [graph, workers.length])
  const { metrics, revision } = useLiveMetrics(7)
  const { ranks: active, beat } = useActivity(metrics, revision)
  const [pointed, setPointed] = useState<string | null>(null)
  const links = edges.map(([i, j]) => describeLink(workers, i, j, room.links, shownRun && metrics))
  const shown = links.find((link) => link.key === pointed)
  return (
    <Card
      title={texts.topology}
      help={texts.cardHelp.topology}
      unit={[label, different ? texts.nextRun : gapText(shownRun)].filter(Boolean).join(' · ')}
    >
      {workers.length === 0 ? (
        <p className="empty">{texts.empty.topology}</p>
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be drawn on
        <svg className="topology" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label={texts.topologyOf(label, workers.length)}>
          {links.map(({ key, ranks: [i, j], text }) => (
            // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: focus shows the bytes of a link, as hovering does
            <g
              key={key}
              className="link"
              data-active={active.has(i) && active.has(j)}
              tabIndex={links.length <= 16 ? 0 : -1}
              role="img"
              aria-label={text}
              onPointerEnter={() => setPointed(key)}
              onPointerLeave={() => setPointed(null)}
              onFocus={() => setPointed(key)}
              onBlur={() => setPointed(null)}
            >
              <LinkLine from={positions[i]} to={positions[j]} className="link-reach" />
              <LinkLine from={positions[i]} to={positions[j]} className="link-line" dashOffset={DASH_STEP * (beat % 2)} />
            </g>
          ))}
          {workers.map((worker) => (
            <Node
              key={worker.id}
              worker={worker}
              color={different ? 'var(--axis)' : workerColor(worker.rank ?? 0)}
              at={positions[worker.rank ?? 0]}
              count={workers.length}
              letters={nameLength(graph, workers.length)}
            />
          ))}
        </svg>
      )}
      <p className="topology-caption" aria-live="off">
        {problem ?? shown?.text ?? hint(graph, workers, different)}
      </p>
      <LinkTable />
    </Card>
  )
}

/** Of gossip only: an average reaches everybody at once. */
function gapText(run: RunState | null): string {
  // It was computed for all who began.
  if (run?.spectralGap == null || run.seats.some(({ lost }) => lost) || partnersOf(run.config) !== 'neighbors') return ''
  return `${texts.spectralGap} ${formatNumber(run.spectralGap)}`
}

function exchangeLabel(config: RunConfig): string {
  const graph = exchangeGraph(config)
  if (graph === null) return texts.noExchange
  return partnersOf(config) === 'neighbors' ? optionLabel(graph) : (texts.averagedOver[graph] ?? optionLabel(graph))
}

function hint(graph: ExchangeGraph, workers: Participant[], different: boolean): string {
  if (workers.length === 0) return ''
  if (graph === null) return texts.noExchangeHint
  if (workers.length === 1) return workers[0].simulated ? texts.aloneSimulatedHint : texts.aloneHint
  return different ? texts.nextRunHint : texts.linkHint
}

interface LinkLineProps {
  from: Point
  to: Point
  className: string
  dashOffset?: number
}

function LinkLine({ from, to, className, dashOffset }: LinkLineProps) {
  return <line className={className} x1={from.x} y1={from.y} x2={to.x} y2={to.y} strokeDashoffset={dashOffset} />
}

interface NodeProps {
  worker: Participant
  color: string
  at: Point
  count: number
  /** of its name that have room */
  letters: number
}

function Node({ worker, color, at, count, letters }: NodeProps) {
  const radius = count <= 8 ? 14 : count <= 20 ? 10 : count <= 40 ? 6 : 3
  const { rank, name, member, lost, simulated } = worker
  return (
    <g className="node" data-lost={lost} transform={`translate(${at.x} ${at.y})`}>
      <title>{`${name}${member?.self ? ' (you)' : ''}${member?.host ? ', host' : ''}${simulated ? ` (${texts.simulated})` : ''}${lost ? ', lost' : ''}`}</title>
      {member?.self && <circle r={radius + 4} className="node-self" />}
      <circle r={radius} className="node-body" style={{ stroke: color }} />
      {count <= 20 && (
        <text className="node-rank" dy="0.35em">
          {rank}
        </text>
      )}
      {count <= 8 && (
        <text className="node-name" y={at.y < HEIGHT / 2 - 1 ? -radius - 8 : radius + 16}>
          {name.length > letters ? `${name.slice(0, letters - 1)}…` : name}
        </text>
      )}
    </g>
  )
}

/** Rounds can be shorter and longer than a refresh: a link stays lit for so long after its bytes. */
const LIT_MS = 2_200

interface Activity {
  /** ranks that have sent bytes a moment ago */
  ranks: ReadonlySet<number>
  /** counts the times that bytes were seen to flow: the dashes move on with it */
  beat: number
}

function useActivity(metrics: MetricsStore, revision: number): Activity {
  const nowMs = useLab((state) => state.nowMs)
  const running = useLab((state) => state.run?.phase === 'running')
  const seen = useRef({ metrics, bytes: new Map<number, number>(), sentAtMs: new Map<number, number>() })
  const [activity, setActivity] = useState<Activity>({ ranks: nobody, beat: 0 })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the metrics are filled in place; the revision says when
  useEffect(() => {
    if (seen.current.metrics !== metrics) seen.current = { metrics, bytes: new Map(), sentAtMs: new Map() }
    const { bytes, sentAtMs } = seen.current
    let flows = 0
    for (const { rank, sentBytes } of metrics.ranked()) {
      if (sentBytes > (bytes.get(rank) ?? 0)) {
        sentAtMs.set(rank, nowMs)
        flows = 1
      }
      bytes.set(rank, sentBytes)
    }
    const ranks = new Set([...sentAtMs].filter(([, atMs]) => nowMs - atMs <= LIT_MS).map(([rank]) => rank))
    setActivity((before) => (flows === 0 && sameRanks(before.ranks, ranks) ? before : { ranks, beat: before.beat + flows }))
  }, [metrics, revision, nowMs])
  return running ? activity : still
}

const sameRanks = (a: ReadonlySet<number>, b: ReadonlySet<number>) => a.size === b.size && [...a].every((rank) => b.has(rank))

const nobody: ReadonlySet<number> = new Set()
const still: Activity = { ranks: nobody, beat: 0 }

interface DescribedLink {
  key: string
  ranks: [number, number]
  text: string
}

function describeLink(workers: Participant[], i: number, j: number, links: LinkBytes[], metrics: MetricsStore | null): DescribedLink {
  const [a, b] = [workers[i], workers[j]]
  const key = `${i} ${j}`
  if (a.simulated) {
    const sent = [i, j].map((rank) => formatBytes(metrics?.workers.get(rank)?.sentBytes ?? 0))
    return { key, ranks: [i, j], text: `${a.name} has sent ${sent[0]} in all, ${b.name} ${sent[1]}` }
  }
  const self = a.member?.self ? a : b.member?.self ? b : null
  const other = self === a ? b : a
  const counted = self && links.find((link) => link.peer === other.id)
  const text = counted
    ? `You and ${other.name}: ${formatBytes(totalBytes(counted.sent))} sent, ${formatBytes(totalBytes(counted.received))} received`
    : `${a.name} and ${b.name}: counted in their own tabs`
  return { key, ranks: [i, j], text }
}
