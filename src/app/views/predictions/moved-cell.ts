import type { Cell, Confusion } from '../../insight/confusion.ts'

const moves: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

export interface MatrixProps {
  confusion: Confusion
  classes: string[]
  /** the one that is told about */
  cell: Cell | null
  onCell(cell: Cell): void
}

/** Where a key leads from a cell, within the matrix; null for other keys. */
export function movedCell(confusion: Confusion, from: Cell | null, key: string): Cell | null {
  const move = moves[key]
  if (!move) return null
  const last = confusion.classes - 1
  const to = (at: number, by: number) => Math.min(last, Math.max(0, at + by))
  return from ? confusion.at(to(from.actual, move[0]), to(from.predicted, move[1])) : confusion.at(0, 0)
}
