import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { type Graph, graphOf, type TopologyName } from './graphs.ts'

/** W[i][j]: what worker i takes of worker j's vector. Rows and columns sum to 1. */
export type MixingMatrix = number[][]

/**
 * The mixing matrix of a topology: uniform over self and in-neighbors where every worker has the same degree, Metropolis weights
 * 1 / (1 + max(deg_i, deg_j)) where they differ, so that it is doubly stochastic on every graph.
 * @throws LabError `topology` when the topology does not exist for n workers.
 */
export function mixingMatrix(topology: TopologyName, n: number): MixingMatrix {
  return weightsOf(graphOf(topology, n))
}

function weightsOf(graph: Graph): MixingMatrix {
  const n = graph.length
  const degree = graph.map((neighbors) => neighbors.length)
  const W = Array.from({ length: n }, () => new Array<number>(n).fill(0))
  // j sends to i, so i's row has a weight for j.
  for (let j = 0; j < n; j++) for (const i of graph[j]) W[i][j] = 1 / (1 + Math.max(degree[i], degree[j]))
  for (let i = 0; i < n; i++) W[i][i] = 1 - W[i].reduce((sum, w, j) => (j === i ? sum : sum + w), 0)
  return W
}

/** 1 - max(|lambda_2|, |lambda_N|) of a doubly stochastic matrix: how much disagreement one round removes; 1 for one worker. */
export function spectralGap(W: MixingMatrix): number {
  const n = W.length
  if (n === 1) return 1
  // W - J has the eigenvalues of W with the one of the all-ones vector replaced by 0.
  const deflated = new Matrix(W.map((row) => row.map((w) => w - 1 / n)))
  const { realEigenvalues: re, imaginaryEigenvalues: im } = new EigenvalueDecomposition(deflated)
  return 1 - Math.max(...re.map((real, k) => Math.hypot(real, im[k])))
}
