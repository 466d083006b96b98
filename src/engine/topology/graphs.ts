import type { topologyNames } from '../config.ts'
import { LabError } from '../errors.ts'

export type TopologyName = (typeof topologyNames)[number]

/** Out-neighbors of each worker; symmetric except for `exponential`. */
export type Graph = number[][]

/**
 * The graph of a topology over n workers, self excluded, neighbors ascending. `exponential` is the static exponential graph: i sends to
 * i + 2^j mod n. `torus` needs n = rows x columns with both at least 2.
 * @throws LabError `topology` when the topology does not exist for n workers.
 */
export function graphOf(topology: TopologyName, n: number): Graph {
  switch (topology) {
    case 'ring':
      return build(n, (i) => [i + 1, i - 1])
    case 'complete':
      return build(n, () => Array.from({ length: n }, (_, j) => j))
    case 'torus': {
      const [rows, columns] = torusShape(n)
      return build(n, (i) => {
        const [r, c] = [Math.floor(i / columns), i % columns]
        const at = (row: number, column: number) => ((row + rows) % rows) * columns + ((column + columns) % columns)
        return [at(r - 1, c), at(r + 1, c), at(r, c - 1), at(r, c + 1)]
      })
    }
    case 'exponential':
      return build(n, (i) => Array.from({ length: Math.ceil(Math.log2(Math.max(n, 2))) }, (_, j) => i + 2 ** j))
    case 'chain':
      return build(n, (i) => [i - 1, i + 1].filter((j) => j >= 0 && j < n))
    case 'star':
      return build(n, (i) => (i === 0 ? Array.from({ length: n }, (_, j) => j) : [0]))
    default:
      topology satisfies never
      throw new Error('unreachable')
  }
}

function build(n: number, neighbors: (i: number) => number[]): Graph {
  return Array.from({ length: n }, (_, i) => {
    const wrapped = neighbors(i).map((j) => ((j % n) + n) % n)
    return [...new Set(wrapped)].filter((j) => j !== i).sort((a, b) => a - b)
  })
}

/** The most square factorization with at least two rows; tiny or prime counts are one ring-shaped row. */
function torusShape(n: number): [rows: number, columns: number] {
  for (let rows = Math.floor(Math.sqrt(n)); rows >= 2; rows--) if (n % rows === 0) return [rows, n / rows]
  if (n <= 3) return [1, n]
  throw new LabError(
    'topology',
    `topology: got torus with ${n} workers; a torus needs a number of workers that is a product of two numbers above 1 (4, 6, 8, 9, ...)`,
  )
}
