import type { Participant } from './cluster-view.ts'
import type { RunState } from './state.ts'
import { stageText, texts } from './texts/index.ts'

export interface Status {
  text: string
  /** beyond what the text says: something is missing, or stands still */
  tone: '' | 'lost' | 'waiting'
}

/** What a worker or a tab is doing. `waiting`: for whom, as a text. */
export function statusOf({ rank, member, lost, simulated }: Participant, run: RunState | null, waiting: string | null): Status {
  if (rank !== null && run?.phase === 'replay') return plain(texts.status.recorded)
  if (!simulated) {
    if (lost || !member) return { text: texts.status.lost, tone: 'lost' }
    if (member.preparing) return plain(stageText(member.preparing.stage))
    if (member.busy) return plain(texts.status.busy)
    if (rank === null && member.sitsOut) return plain(texts.status.sitsOut)
  }
  if (!run || (rank === null && run.simulation)) return plain(texts.status.here)
  if (rank === null) return plain(texts.status.next)
  if (simulated && run.phase === 'preparing') return plain(texts.status.preparing)
  if (waiting) return { text: waiting, tone: 'waiting' }
  return plain(phaseStatus[run.phase])
}

const plain = (text: string): Status => ({ text, tone: '' })

const phaseStatus: Record<RunState['phase'], string> = {
  preparing: texts.status.ready,
  running: texts.status.training,
  paused: texts.status.paused,
  finished: texts.status.finished,
  stopped: texts.status.stopped,
  failed: texts.status.stopped,
  replay: texts.status.recorded,
}
