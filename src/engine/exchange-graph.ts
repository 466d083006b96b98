import { type AlgorithmDefinition, findAlgorithm } from './algorithms/index.ts'
import type { RunConfig } from './config.ts'

/** With whom the workers of a run exchange. */
export const partnersOf = ({ algorithm }: Pick<RunConfig, 'algorithm'>): AlgorithmDefinition['partners'] =>
  findAlgorithm(algorithm.id)?.partners ?? 'neighbors'

/**
 * The graph along which a run's vectors travel: its topology where neighbors gossip, that of its aggregation where everybody averages,
 * null where nobody talks. Ring all-reduce is for dense vectors: compressed ones go from everybody to everybody.
 */
export function exchangeGraph({
  algorithm,
  aggregation,
  compressor,
  topology,
}: Pick<RunConfig, 'algorithm' | 'aggregation' | 'compressor' | 'topology'>): RunConfig['topology'] | null {
  const partners = partnersOf({ algorithm })
  if (partners === 'nobody') return null
  if (partners === 'neighbors') return topology
  if (aggregation === 'server') return 'star'
  const dense = !findAlgorithm(algorithm.id)?.compressors || compressor.id === 'identity'
  return aggregation === 'ring' && dense ? 'ring' : 'complete'
}
