import { dPsgd } from './d-psgd.ts'
import { dSum } from './d-sum.ts'
import { dmsgd } from './dmsgd.ts'
import { gossipMsgd } from './gossip-msgd.ts'
import type { AlgorithmDefinition } from './types.ts'

/** Every algorithm of the lab; the run schema, the form, the flags and the docs are made from this list. */
export const algorithms = [dSum, gossipMsgd, dPsgd, dmsgd] as const

export type AlgorithmId = (typeof algorithms)[number]['id']

export function findAlgorithm(id: string): AlgorithmDefinition | undefined {
  return algorithms.find((algorithm) => algorithm.id === id) as AlgorithmDefinition | undefined
}

export type { Algorithm, AlgorithmDefinition, Exchanged, WorkerView } from './types.ts'
