import { byPlace, type RunCoordinator } from '../../cluster/index.ts'
import type { Room } from '../../p2p/index.ts'
import type { LinkBytes, Member, RoomState, RunState } from '../state.ts'
import type { Names } from './names.ts'

type RoomSnapshot = ReturnType<Room['getState']>
type RunSnapshot = ReturnType<RunCoordinator['getState']>

/** The room as the dashboard shows it. */
export function roomView(
  room: RoomSnapshot,
  run: RunSnapshot,
  names: Names,
  place: { name: string; secret: string },
): Omit<RoomState, 'links'> {
  const { assignment } = run
  const places = byPlace(room.members, assignment).map(({ id }) => id)
  const members = room.members.map((member): Member => {
    const seat = run.seats.find((candidate) => candidate.id === member.id)
    return {
      id: member.id,
      name: names.of(member),
      rank: member.rank,
      self: member.self,
      host: member.host,
      link: member.link,
      hidden: member.hidden,
      busy: run.busy.includes(member.id),
      place: places.indexOf(member.id),
      sitsOut: assignment.sitOut.includes(member.id),
      backend: run.backends[member.id] ?? null,
      preparing: run.phase === 'preparing' ? (seat?.preparing ?? null) : null,
    }
  })
  return { ...place, phase: phaseOf(room), message: room.errors.join(' '), locked: room.locked, members }
}

function phaseOf({ phase, signalling, dismissed }: RoomSnapshot): RoomState['phase'] {
  switch (phase) {
    case 'joining':
      return 'connecting'
    case 'joined':
      return signalling === 'lost' ? 'offline' : 'open'
    case 'left':
      return dismissed ? 'removed' : 'failed'
    default:
      phase satisfies never
      return 'failed'
  }
}

/** The old value where nothing in it has changed, so that nobody who shows it is drawn again. Both are plain JSON. */
export const keepEqual = <T>(before: T, now: T): T => (JSON.stringify(before) === JSON.stringify(now) ? before : now)

/** Bytes over this tab's own links. */
export function linkView(links: ReturnType<Room['links']>): LinkBytes[] {
  return links.map(({ peer, counts: { sent, received } }) => ({ peer, sent, received }))
}

/** The run as the dashboard shows it; null without one. */
export function runView(snapshot: RunSnapshot): RunState | null {
  const { phase, run, config, seats, message, facts } = snapshot
  if (phase === 'idle' || run === null || config === null) return null
  return {
    id: run,
    config,
    phase,
    message,
    seats: seats.map(({ id, name, lost }) => ({ id, name, lost })),
    shards: facts?.shards ?? null,
    spectralGap: facts?.spectralGap ?? null,
    parameters: facts?.parameters ?? null,
    simulation: null,
  }
}
