import { attentionContract } from './attention.fixture.ts'
import { convContract } from './conv.fixture.ts'
import { crossEntropyContract } from './cross-entropy.fixture.ts'
import { gradientContract } from './gradient.fixture.ts'
import { networksContract } from './networks.fixture.ts'
import { normalizationContract } from './normalization.fixture.ts'
import { pointwiseContract } from './pointwise.fixture.ts'
import { poolContract } from './pool.fixture.ts'
import type { Target } from './target.fixture.ts'
import { tokensContract } from './tokens.fixture.ts'
import { vectorContract } from './vector.fixture.ts'

/** All that a device of the compiled engine must be able to do. */
export function contract(target: Target): void {
  attentionContract(target)
  convContract(target)
  crossEntropyContract(target)
  gradientContract(target)
  networksContract(target)
  normalizationContract(target)
  pointwiseContract(target)
  poolContract(target)
  tokensContract(target)
  vectorContract(target)
}
