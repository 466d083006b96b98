import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { partition } from './partition.ts'

/** Of many partitions. Tabs and simulation get the same numbers only where all engines deal the same shards. */
export function partitionsDigest(): string {
  const hash = sha256.create()
  for (const alpha of [0.05, 0.1, 0.3, 0.5, 1, 3, 100])
    for (let seed = 0; seed < 30; seed++) {
      const { counts } = partition({ classCounts: new Array(10).fill(500), workers: 8, scheme: 'dirichlet', alpha, seed })
      hash.update(utf8ToBytes(JSON.stringify(counts)))
    }
  return bytesToHex(hash.digest())
}

export const EXPECTED_DIGEST = 'ffa79f7591881a63a097b13f9f9d11f0a416e2ef44d082fec1ac6026db2cc2d5'
