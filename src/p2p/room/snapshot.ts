import { zeroLinkCounts } from '../ledger.ts'
import type { PeerId } from '../types.ts'
import type { MemberLinks } from './member-links.ts'
import type { Membership } from './membership.ts'
import type { Session } from './session.ts'
import type { RoomLink, RoomState } from './state.ts'

/** What a room is made of, as far as it shows. */
export interface Visible extends Pick<RoomState, 'phase' | 'dismissed' | 'signalling' | 'errors'> {
  membership: Membership
  links: MemberLinks
  /** what the user calls this page; may be empty */
  name: string
  /** this page is in the background */
  hidden: boolean
  hiddenPeers: ReadonlySet<PeerId>
}

export function roomState({ membership, links, name: ownName, hidden, hiddenPeers, ...shown }: Visible): RoomState {
  const { self, present, host, number, locked } = membership
  const joined = shown.phase === 'joined'
  return {
    ...shown,
    selfId: self.id,
    members: present.map((member, rank) => {
      const { id, name } = member
      const isSelf = id === self.id
      return {
        id,
        name: shown.phase === 'joining' ? ownName || 'This tab' : name,
        rank,
        self: isSelf,
        host: member === host && joined,
        link: links.reaches(member) ? 'open' : 'connecting',
        hidden: isSelf ? hidden : hiddenPeers.has(id),
      }
    }),
    hostId: joined ? host.id : null,
    memberListNumber: number,
    locked,
  }
}

export function roomLink({ peer, counts, rttMs }: Session): RoomLink {
  return { peer, counts: counts ? structuredClone(counts) : zeroLinkCounts(), rttMs }
}
