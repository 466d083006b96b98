import { z } from 'zod'
import type { PeerId } from '../../p2p/index.ts'

const MAX_TABS = 64

const peerIds = z.array(z.string().min(1).max(80)).max(MAX_TABS)

/**
 * Which rank, and so which shard, each tab of the room takes in the next run. Tabs that are in `order` come first, in that order; all others
 * follow as they came into the room. Tabs that sit out keep their place, and only watch. Ids of tabs that are gone do no harm.
 */
export const assignmentSchema = z.strictObject({ order: peerIds, sitOut: peerIds })

export type Assignment = z.output<typeof assignmentSchema>

/** Everybody takes part, in the order in which they came. */
export const asTheyCame: Assignment = { order: [], sitOut: [] }

/** All tabs by place, those that sit out included. `tabs` stand in order of the room. */
export function byPlace<T extends { id: PeerId }>(tabs: readonly T[], { order }: Assignment): T[] {
  const places = new Map(order.map((id, place) => [id, place]))
  const placeOf = ({ id }: T) => places.get(id) ?? order.length
  return [...tabs].sort((a, b) => placeOf(a) - placeOf(b))
}

/** The tabs that are to train, by rank. */
export function lineUp<T extends { id: PeerId }>(tabs: readonly T[], assignment: Assignment): T[] {
  return byPlace(tabs, assignment).filter(({ id }) => !assignment.sitOut.includes(id))
}
