import type { Assignment } from '../../../cluster/index.ts'
import type { Member } from '../../state.ts'

type Place = Pick<Member, 'id' | 'place' | 'sitsOut'>

/** What the host has arranged, as the tabs show it. */
export function assignmentOf(members: readonly Place[]): Assignment {
  const inOrder = [...members].sort((a, b) => a.place - b.place)
  return { order: inOrder.map(({ id }) => id), sitOut: inOrder.filter(({ sitsOut }) => sitsOut).map(({ id }) => id) }
}

/** A tab changes places with the one before (-1) or after it (+1); the same at either end. */
export function moved(assignment: Assignment, id: string, by: -1 | 1): Assignment {
  const order = [...assignment.order]
  const from = order.indexOf(id)
  const to = from + by
  if (from < 0 || to < 0 || to >= order.length) return assignment
  ;[order[from], order[to]] = [order[to], order[from]]
  return { ...assignment, order }
}

export function takingPart(assignment: Assignment, id: string, takesPart: boolean): Assignment {
  const others = assignment.sitOut.filter((other) => other !== id)
  return { ...assignment, sitOut: takesPart ? others : [...others, id] }
}
