import { ActionIcon, Progress, TextInput, Tooltip } from '@mantine/core'
import { useState } from 'react'
import { useActions } from '../../actions.ts'
import type { Participant } from '../../cluster-view.ts'
import { formatBytes, formatRate } from '../../format.ts'
import type { MetricsStore } from '../../metrics/metrics-store.ts'
import { isActive, type RunState } from '../../state.ts'
import { statusOf } from '../../status.ts'
import { stageText, texts } from '../../texts/index.ts'
import { workerColor } from '../../theme.ts'
import { PencilIcon } from '../../widgets/icons.tsx'
import { Marker } from '../../widgets/Marker.tsx'
import { BackendLine } from './BackendLine.tsx'
import { GpuAdvice } from './GpuAdvice.tsx'

interface RowProps {
  participant: Participant
  run: RunState | null
  metrics: MetricsStore
  waiting: string | null
}

/** A worker or a tab: rank, name, backend, speed, and what it is doing. */
export function MemberRow({ participant, run, metrics, waiting }: RowProps) {
  const { rank, name, member, lost, simulated } = participant
  const worker = rank === null || !run ? undefined : metrics.workers.get(rank)
  const status = statusOf(participant, run, waiting)
  const rate = worker && run?.phase === 'running' ? worker.imagesPerSecond(run.config.batchSize) : null
  const numbers =
    worker && worker.step > 0
      ? [texts.atStep(worker.step), ...(rate === null || lost ? [] : [formatRate(rate)]), formatBytes(worker.sentBytes)]
      : []
  return (
    <li className="member" data-lost={lost || undefined} style={rank === null ? undefined : { borderLeftColor: workerColor(rank) }}>
      <div className="member-head">
        {rank !== null && <Marker rank={rank} size={14} />}
        {member?.self ? <OwnName name={name} /> : <strong className="member-name">{name}</strong>}
        <span className="tags">
          {member?.self && <span className="tag you">{texts.tags.you}</span>}
          {member?.host && <span className="tag">{texts.tags.host}</span>}
          {simulated && <span className="tag">{texts.simulated}</span>}
          {member?.hidden && (
            <Tooltip label={texts.hiddenWarning} multiline w={240}>
              <span className="tag warn">{texts.tags.hidden}</span>
            </Tooltip>
          )}
        </span>
        <span className="member-rank">{rank !== null ? `rank ${rank}` : isActive(run) && !run.simulation ? 'watching' : ''}</span>
      </div>
      <div className="member-line">
        <span className={`status ${status.tone}`}>{status.text}</span>
        <span className="number">{numbers.join(' · ')}</span>
      </div>
      {member?.backend && <BackendLine backend={member.backend} />}
      {member?.self && member.backend && <GpuAdvice backend={member.backend} />}
      {member?.preparing && member.preparing.fraction < 1 && (
        <Progress size={3} value={member.preparing.fraction * 100} aria-label={`${name}: ${stageText(member.preparing.stage)}`} />
      )}
    </li>
  )
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
