import type { ExchangeGraph } from '../../cluster-view.ts'

export interface Point {
  x: number
  y: number
}

/** Room for the node itself and its name. */
const MARGIN_X = 44
const MARGIN_Y = 34

/** Where the workers stand in a drawing of this size: a hub in the middle of a star, a line for a chain, a ring for the rest. */
export function nodePositions(graph: ExchangeGraph, count: number, width: number, height: number): Point[] {
  const center = { x: width / 2, y: height / 2 }
  if (count === 1) return [center]
  const on = (position: number, places: number): Point => {
    // Rank 0 stands at the top left of center for even counts, so that four workers make a square and not a cross.
    const angle = 2 * Math.PI * (position / places) - Math.PI / 2 - (places % 2 === 0 ? Math.PI / places : 0)
    return { x: center.x + (center.x - MARGIN_X) * Math.cos(angle), y: center.y + (center.y - MARGIN_Y) * Math.sin(angle) }
  }
  switch (graph) {
    case 'star':
      return Array.from({ length: count }, (_, rank) => (rank === 0 ? center : on(rank - 1, Math.max(count - 1, 2))))
    case 'chain':
      return chain(count, width, height)
    case 'ring':
    case 'complete':
    case 'torus':
    case 'exponential':
    case null:
      return Array.from({ length: count }, (_, rank) => on(rank, count))
    default:
      graph satisfies never
      return []
  }
}

/** Letters of a name that fit under a node without touching the next one. */
export function nameLength(graph: ExchangeGraph, count: number): number {
  if (count <= 4) return 12
  return graph === 'chain' ? 7 : 10
}

/** A chain in rows of at most six, turning at the ends like a plow. */
function chain(count: number, width: number, height: number): Point[] {
  const perRow = Math.max(6, Math.ceil(Math.sqrt(count * 2)))
  const rows = Math.ceil(count / perRow)
  const columns = Math.min(count, perRow)
  return Array.from({ length: count }, (_, rank) => {
    const row = Math.floor(rank / perRow)
    const along = rank % perRow
    const column = row % 2 === 0 ? along : perRow - 1 - along
    return {
      x: columns === 1 ? width / 2 : MARGIN_X / 1.6 + ((width - (2 * MARGIN_X) / 1.6) * column) / (columns - 1),
      y: rows === 1 ? height / 2 : MARGIN_Y + ((height - 2 * MARGIN_Y) * row) / (rows - 1),
    }
  })
}
