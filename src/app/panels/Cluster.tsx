import { ActionIcon, Button, CopyButton, Progress, TextInput, Tooltip } from '@mantine/core'
import { useState } from 'react'
import type { BackendChoice } from '../../engine/index.ts'
import { useActions } from '../actions.ts'
import { type Participant, participants, waitingFor } from '../cluster-view.ts'
import { formatBytes, formatCount, formatRate } from '../format.ts'
import type { MetricsStore } from '../metrics/metrics-store.ts'
import { useLiveMetrics } from '../metrics/use-live-metrics.ts'
import { isActive, type RunState, useLab } from '../store.ts'
import { texts } from '../texts.ts'
import { workerColor } from '../theme.ts'
import { writeUrl } from '../url-state.ts'
import { Card } from '../widgets/Card.tsx'
import { LinkIcon, LockIcon, PencilIcon, TabIcon, UnlockIcon } from '../widgets/icons.tsx'
import { Marker } from '../widgets/Marker.tsx'

/** Who is who: rank, name, backend, speed, and what each is doing. */
export function Cluster() {
  const room = useLab((state) => state.room)
  const run = useLab((state) => state.run)
  const { metrics } = useLiveMetrics(6)
  // Waiting is a matter of time.
  useLab((state) => state.nowMs)
  const all = participants(room, run)
  const workers = all.filter(({ rank }) => rank !== null)
  return (
    <Card
      title="Swarm"
      help={texts.cardHelp.swarm}
      unit={`${room.members.length} ${room.members.length === 1 ? 'tab' : 'tabs'} · room ${room.name}`}
      legend={<RoomButtons />}
    >
      {room.message && (
        <p className="problem" role="alert">
          {room.message}
        </p>
      )}
      <ul className="members">
        {all.map((participant) => (
          <MemberRow
            key={participant.id}
            participant={participant}
            run={run}
            metrics={metrics}
            waiting={waitingText(participant, run, metrics, workers)}
          />
        ))}
      </ul>
      <Invite />
    </Card>
  )
}

function RoomButtons() {
  const actions = useActions()
  const locked = useLab((state) => state.room.locked)
  const isHost = useLab((state) => state.room.members.some((member) => member.self && member.host))
  const label = locked ? texts.room.unlock : texts.room.lock
  return (
    <Tooltip
      label={isHost ? `${label}. ${texts.room.lockHint}` : locked ? texts.controls.lockedHint : texts.room.onlyHostLocks}
      multiline
      maw={220}
    >
      <ActionIcon
        variant="subtle"
        color={locked ? 'indigo' : 'gray'}
        size="sm"
        aria-label={label}
        aria-pressed={locked}
        data-disabled={!isHost || undefined}
        onClick={() => isHost && actions.setLocked(!locked)}
      >
        {locked ? <LockIcon /> : <UnlockIcon />}
      </ActionIcon>
    </Tooltip>
  )
}

interface RowProps {
  participant: Participant
  run: RunState | null
  metrics: MetricsStore
  waiting: string | null
}

function MemberRow({ participant, run, metrics, waiting }: RowProps) {
  const { rank, name, member, lost } = participant
  const worker = rank === null || !run ? undefined : metrics.workers.get(rank)
  const rate = worker && run?.phase === 'running' ? worker.imagesPerSecond(run.config.batchSize) : null
  const numbers =
    worker && worker.step > 0
      ? [`step ${formatCount(worker.step)}`, ...(rate === null || lost ? [] : [formatRate(rate)]), formatBytes(worker.sentBytes)]
      : []
  return (
    <li className="member" data-lost={lost || undefined} style={rank === null ? undefined : { borderLeftColor: workerColor(rank) }}>
      <div className="member-head">
        {rank !== null && <Marker rank={rank} size={14} />}
        {member?.self ? <OwnName name={name} /> : <strong className="member-name">{name}</strong>}
        <span className="tags">
          {member?.self && <span className="tag you">you</span>}
          {member?.host && <span className="tag">host</span>}
          {member?.hidden && (
            <Tooltip label={texts.hiddenWarning} multiline w={240}>
              <span className="tag warn">hidden</span>
            </Tooltip>
          )}
        </span>
        <span className="member-rank">{rank !== null ? `rank ${rank}` : isActive(run) ? 'watching' : ''}</span>
      </div>
      <div className="member-line">
        <Status participant={participant} run={run} waiting={waiting} />
        <span className="number">{numbers.join(' · ')}</span>
      </div>
      <BackendLine participant={participant} />
      {member?.preparing && member.preparing.fraction < 1 && (
        <Progress size={3} value={member.preparing.fraction * 100} aria-label={`${name}: ${stageText(member.preparing.stage)}`} />
      )}
    </li>
  )
}

function BackendLine({ participant: { member } }: { participant: Participant }) {
  if (!member?.backend) return null
  const { name, reason } = member.backend
  return (
    <Tooltip label={reason} multiline w={280} events={{ hover: true, focus: true, touch: true }}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: focus shows why this backend was taken */}
      <div className="member-backend" tabIndex={0}>
        <span className="backend-name">{name}</span>
        <span>{hardwareText(member.backend)}</span>
      </div>
    </Tooltip>
  )
}

function Status({
  participant: { rank, member, lost },
  run,
  waiting,
}: {
  participant: Participant
  run: RunState | null
  waiting: string | null
}) {
  if (lost || !member) return <span className="status lost">{texts.status.lost}</span>
  if (member.preparing) return <span className="status">{stageText(member.preparing.stage)}</span>
  if (!run) return <span className="status">{texts.status.here}</span>
  if (rank === null) return <span className="status">{texts.status.next}</span>
  if (waiting) return <span className="status waiting">{waiting}</span>
  return <span className="status">{phaseStatus[run.phase]}</span>
}

const phaseStatus: Record<RunState['phase'], string> = {
  preparing: texts.status.ready,
  running: texts.status.training,
  paused: texts.status.paused,
  finished: texts.status.finished,
  stopped: texts.status.stopped,
  failed: texts.status.here,
}

const stageText = (stage: string) => texts.stages[stage] ?? stage

/** What computes, and which graphics adapter there is, even where it is of no use. */
function hardwareText({ name, adapter, hardware }: BackendChoice): string {
  if (name === 'webgpu' || name === 'webgl') return adapter ?? 'graphics adapter'
  if (!adapter) return 'CPU, no WebGPU here'
  return hardware ? `CPU, as chosen; GPU: ${adapter}` : `CPU, GPU is software: ${adapter.replace(/ \(software\)$/, '')}`
}

function waitingText({ rank, lost }: Participant, run: RunState | null, metrics: MetricsStore, workers: Participant[]): string | null {
  if (!run || rank === null || lost) return null
  const other = waitingFor(rank, run, metrics, workers)
  return other && `waiting for ${other.name}`
}

function OwnName({ name }: { name: string }) {
  const actions = useActions()
  const [draft, setDraft] = useState<string | null>(null)
  if (draft === null)
    return (
      <>
        <strong className="member-name">{name}</strong>
        <ActionIcon variant="subtle" color="gray" size="xs" aria-label={texts.room.rename} onClick={() => setDraft(name)}>
          <PencilIcon size={13} />
        </ActionIcon>
      </>
    )
  const done = () => {
    if (draft.trim() && draft.trim() !== name) actions.rename(draft.trim())
    setDraft(null)
  }
  return (
    <TextInput
      size="xs"
      className="name-input"
      aria-label={texts.room.rename}
      maxLength={30}
      autoFocus
      value={draft}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === 'Enter') done()
        if (event.key === 'Escape') setDraft(null)
      }}
    />
  )
}

function Invite() {
  const room = useLab((state) => state.room)
  const draft = useLab((state) => state.draft)
  const link = () => writeUrl(new URL(location.href), { draft, room: room.name, secret: room.secret }).href
  return (
    <div className="invite">
      <Button size="xs" variant="light" leftSection={<TabIcon />} onClick={() => window.open(link(), '_blank', 'noopener')}>
        {texts.room.open}
      </Button>
      <CopyButton value={link()} timeout={2_000}>
        {({ copied, copy }) => (
          <Button size="xs" variant="default" leftSection={<LinkIcon />} onClick={copy}>
            {copied ? texts.room.copied : texts.room.copy}
          </Button>
        )}
      </CopyButton>
    </div>
  )
}
