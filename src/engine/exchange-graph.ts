import { findAlgorithm } from './algorithms/index.ts'
import type { RunConfig } from './config.ts'

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
  const { partners, compressors } = findAlgorithm(algorithm.id) ?? { partners: 'neighbors', compressors: 0 }
  if (partners === 'nobody') return null
  if (partners === 'neighbors') return topology
  if (aggregation === 'server') return 'star'
  return aggregation === 'ring' && (compressors === 0 || compressor.id === 'identity') ? 'ring' : 'complete'
}
