import './cluster.css'
import { UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { type Participant, participants, waitingFor } from '../../cluster-view.ts'
import { simulatedWorkers } from '../../form/check-run.ts'
import type { MetricsStore } from '../../metrics/metrics-store.ts'
import { useLiveMetrics } from '../../metrics/use-live-metrics.ts'
import type { RunState } from '../../state.ts'
import { useLab } from '../../store.ts'
import { texts } from '../../texts/index.ts'
import { Card } from '../../widgets/Card.tsx'
import { AddWorker } from './AddWorker.tsx'
import { LockButton } from './LockButton.tsx'
import { MemberRow } from './MemberRow.tsx'
import { Misbehave } from './Misbehave.tsx'
import { SimulationNote } from './SimulationNote.tsx'

/** More simulated workers than this are shown on demand: they are all alike. */
const FEW = 8

/** Who is who: rank, name, backend, speed, and what each is doing. */
export function Cluster() {
  const room = useLab((state) => state.room)
  const run = useLab((state) => state.run)
  const { metrics } = useLiveMetrics(6)
  // Waiting is a matter of time.
  useLab((state) => state.nowMs)
  const planned = useLab(simulatedWorkers)
  const all = participants(room, run, planned).filter(({ simulated }) => run || !simulated)
  const workers = all.filter(({ rank }) => rank !== null)
  const [expanded, setExpanded] = useState(false)
  const many = run?.simulation && workers.length > FEW
  const shown = many && !expanded ? [...workers.slice(0, FEW), ...all.slice(workers.length)] : all
  return (
    <Card
      title={texts.swarm}
      help={texts.cardHelp.swarm}
      unit={`${texts.tabCount(room.members.length)} · ${texts.inRoom(room.name)}`}
      legend={<LockButton />}
    >
      {room.message && (
        <p className="problem" role="alert">
          {room.message}
        </p>
      )}
      {run?.simulation && <SimulationNote simulation={run.simulation} recorded={run.phase === 'replay'} />}
      <ul className="members">
        {shown.map((participant) => (
          <MemberRow
            key={participant.id}
            participant={participant}
            run={run}
            metrics={metrics}
            waiting={waitingText(participant, run, metrics, workers)}
          />
        ))}
      </ul>
      {many && (
        <UnstyledButton className="more" aria-expanded={expanded} onClick={() => setExpanded(!expanded)}>
          {expanded ? texts.fewerWorkers(FEW) : texts.allWorkers(workers.length)}
        </UnstyledButton>
      )}
      <AddWorker />
      {!run?.simulation && <Misbehave />}
    </Card>
  )
}

function waitingText({ rank, lost }: Participant, run: RunState | null, metrics: MetricsStore, workers: Participant[]): string | null {
  if (!run || rank === null || lost) return null
  const other = waitingFor(rank, run, metrics, workers)
  return other && texts.waitingFor(other.name)
}
