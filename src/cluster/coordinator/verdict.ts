import type { PeerId } from '../../p2p/index.ts'
import type { RunStatus } from './messages.ts'
import type { RunRecord } from './run-record.ts'

/** What a page does with a status that came: `back` follows it into a run that this page was cut off from. */
export type Verdict = { type: 'follow' | 'back' } | { type: 'ignore'; refusal: string | null }

/** How a page judges. */
export interface Position {
  self: PeerId
  hostId: PeerId | null
  /** its worker does something else */
  busy: boolean
  known: RunRecord | null
}

const follow: Verdict = { type: 'follow' }
const ignore: Verdict = { type: 'ignore', refusal: null }

/** Which statuses count on this page. Pure: no room, no worker. */
export function judge(from: PeerId, status: RunStatus, position: Position): Verdict {
  if (status.steering[0] !== from) return ignore
  const { known } = position
  return known?.status.run === status.run ? judgeKnown(from, status, known, position.self) : judgeNew(from, status, position)
}

function judgeKnown(from: PeerId, status: RunStatus, known: RunRecord, self: PeerId): Verdict {
  const rivals = known.active && from !== known.coordinatorId && outranks(status, known.status)
  if (!status.view.members.includes(self) && (known.orphaned || rivals)) return { type: 'back' }
  const newer =
    status.view.number > known.status.view.number ||
    (status.view.number === known.status.view.number && status.number > known.status.number)
  return from === known.coordinatorId && newer ? follow : ignore
}

/** Of a run that this page hears of for the first time. */
function judgeNew(from: PeerId, status: RunStatus, { self, hostId, busy, known }: Position): Verdict {
  const takesPart = status.phase === 'preparing' && status.view.members.includes(self)
  const refuse = (refusal: string): Verdict => ({ type: 'ignore', refusal: takesPart ? refusal : null })
  if (known?.active && known.members.includes(self)) return refuse('it is still in another run')
  if (takesPart && from !== hostId) return refuse('it knows another host')
  if (takesPart && busy) return refuse('it has just become busy with simulated workers; start again without it')
  const isOver = status.phase !== 'preparing' && status.phase !== 'running' && status.phase !== 'paused'
  return known && isOver ? ignore : follow
}

/** Of two groups that lost each other, the larger one's run counts; of equal ones that of the lowest seat. */
function outranks(a: RunStatus, b: RunStatus): boolean {
  if (a.view.members.length !== b.view.members.length) return a.view.members.length > b.view.members.length
  // a host that sits out has none, and comes first
  const seat = ([id]: PeerId[]) => a.participants.findIndex((participant) => participant.id === id)
  return seat(a.steering) < seat(b.steering)
}
