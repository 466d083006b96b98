import { centralized } from './centralized.ts'
import { chocoSgd } from './choco-sgd.ts'
import { cser } from './cser.ts'
import { dPsgd } from './d-psgd.ts'
import { dPsgdM } from './d-psgd-m.ts'
import { dSum } from './d-sum.ts'
import { d2 } from './d2.ts'
import { defA } from './def-a.ts'
import { dgc } from './dgc.ts'
import { dmsgd } from './dmsgd.ts'
import { fedavg } from './fedavg.ts'
import { gmc } from './gmc.ts'
import { gmcLrResidual } from './gmc-lr-residual.ts'
import { gmcPlus } from './gmc-plus.ts'
import { gmcServerMomentum } from './gmc-server-momentum.ts'
import { gossipMsgd } from './gossip-msgd.ts'
import { gtDsgd } from './gt-dsgd.ts'
import { gtDsum } from './gt-dsum.ts'
import { kGt } from './k-gt.ts'
import { local } from './local.ts'
import { momentumTracking } from './momentum-tracking.ts'
import { prSgdM } from './pr-sgd-m.ts'
import { qgDsgdm } from './qg-dsgdm.ts'
import { relaySgd } from './relay-sgd.ts'
import { scaffold } from './scaffold.ts'
import { slowmo } from './slowmo.ts'
import type { AlgorithmDefinition } from './types.ts'

/** Every algorithm of the lab; the run schema, the form, the flags and the docs are made from this list. */
export const algorithms = [
  dSum,
  gtDsum,
  prSgdM,
  gossipMsgd,
  gmc,
  gmcPlus,
  gmcServerMomentum,
  gmcLrResidual,
  dmsgd,
  dgc,
  cser,
  defA,
  dPsgd,
  dPsgdM,
  qgDsgdm,
  gtDsgd,
  momentumTracking,
  d2,
  kGt,
  slowmo,
  chocoSgd,
  relaySgd,
  fedavg,
  scaffold,
  local,
  centralized,
] as const

export type AlgorithmId = (typeof algorithms)[number]['id']

export function findAlgorithm(id: string): AlgorithmDefinition | undefined {
  return algorithms.find((algorithm) => algorithm.id === id) as AlgorithmDefinition | undefined
}

export type { Algorithm, AlgorithmDefinition, AlgorithmParts, Counted, Exchanged, WorkerView } from './types.ts'
