import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** One stream of random choices. */
export interface RandomSource {
  /** uniform in [0, 1) */
  uniform(): number
  /** uniform integer in [0, below) */
  integer(below: number): number
  /** 32 random bits */
  bits(): number
}

/**
 * The stream of a purpose: the same seed and labels give the same choices on every peer, different labels give
 * unrelated streams.
 */
export function randomStream(seed: number, ...labels: (string | number)[]): RandomSource {
  const generator = xoroshiro128plus(hash(`${seed}/${labels.join('/')}`))
  return {
    uniform: () => uniformFloat64(generator),
    integer: (below) => uniformInt(generator, 0, below - 1),
    bits: () => generator.next(),
  }
}

/** Fisher-Yates, in place. */
export function shuffle<T extends { [index: number]: number; length: number }>(values: T, random: RandomSource): T {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    const kept = values[i]
    values[i] = values[j]
    values[j] = kept
  }
  return values
}

// FNV-1a, then the finalizer of MurmurHash3: neighboring seeds must not give neighboring states.
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
