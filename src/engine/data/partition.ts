import { randomGamma } from 'd3-random'
import { LabError } from '../errors.ts'
import { type RandomSource, randomStream, shuffle } from '../random.ts'

/** Neighboring pictures of one class: positions [start, start + count) in the class's list. */
export interface Piece {
  class: number
  start: number
  count: number
}

/** Who holds what: equal shards, disjoint, together all pictures but the remainder of an uneven division. */
export interface Partition {
  shardSize: number
  /** counts[worker][class] */
  counts: number[][]
  pieces: Piece[][]
}

export interface PartitionOptions {
  /** pictures of each class */
  classCounts: number[]
  workers: number
  scheme: 'iid' | 'dirichlet'
  /** Dirichlet parameter; large is even, small is skewed */
  alpha: number
  seed: number
}

/** Groups of workers among which one Dirichlet draw shares a class out ("auxiliary workers" of the source). */
const GROUP_SIZE = 10
const MAX_TRIES = 10_000

/**
 * Shares pictures out over workers, the same for the same seed on every peer.
 *
 * `dirichlet` is the procedure of Lin et al. 2021 (`build_non_iid_by_dirichlet`; ALGORITHMS.md section 8): per group of at most
 * ten workers and per class, proportions ~ Dirichlet(alpha), none for workers that are full already; repeated until the smallest
 * chunk is at least half the mean; then all chunks in a row are cut anew into equal shards.
 *
 * The draw fixes how many pictures of a class follow each other in a shard; which ones they are is a seeded rotation of the class's
 * list. So a shard is a few contiguous stretches of a class-sorted file, and a tab fetches just those.
 * @throws LabError `partition` for alpha <= 0 and for more workers than pictures.
 */
export function partition({ classCounts, workers, scheme, alpha, seed }: PartitionOptions): Partition {
  const total = sum(classCounts)
  if (!(workers >= 1)) throw new LabError('partition', `workers: got ${workers}; at least 1 is needed`)
  if (workers > total)
    throw new LabError('partition', `workers: got ${workers} for ${total} pictures; take at most ${total} workers or raise trainImages`)
  if (scheme === 'dirichlet' && !(alpha > 0))
    throw new LabError('partition', `alpha: got ${alpha}; a Dirichlet parameter is above 0 (0.1 is very skewed, 100 nearly even)`)

  const random = randomStream(seed, 'partition')
  const labels = new Uint16Array(total)
  let filled = 0
  classCounts.forEach((count, label) => {
    labels.fill(label, filled, filled + count)
    filled += count
  })
  shuffle(labels, random)

  const sequence = scheme === 'iid' ? runsOf(labels) : dirichletSequence(labels, classCounts.length, workers, alpha, random)
  return cutEqually(sequence, classCounts, workers, random)
}

interface Run {
  class: number
  count: number
}

function runsOf(labels: Uint16Array): Run[] {
  return Array.from(labels, (label) => ({ class: label, count: 1 }))
}

function dirichletSequence(labels: Uint16Array, classes: number, workers: number, alpha: number, random: RandomSource): Run[] {
  const sequence: Run[] = []
  let dealt = 0
  for (let first = 0; first < workers; first += GROUP_SIZE) {
    const groupWorkers = Math.min(GROUP_SIZE, workers - first)
    const end = first + groupWorkers === workers ? labels.length : dealt + Math.floor((labels.length * groupWorkers) / workers)
    const counts = new Array<number>(classes).fill(0)
    for (let i = dealt; i < end; i++) counts[labels[i]]++
    dealt = end
    for (const chunk of dirichletGroup(counts, groupWorkers, alpha, random))
      chunk.forEach((count, label) => {
        if (count > 0) sequence.push({ class: label, count })
      })
  }
  return sequence
}

/** chunk[worker][class] of one group. */
function dirichletGroup(counts: number[], workers: number, alpha: number, random: RandomSource): number[][] {
  const size = sum(counts)
  const gamma = gammaOf(alpha, random)
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const chunks = Array.from({ length: workers }, () => new Array<number>(counts.length).fill(0))
    const held = new Array<number>(workers).fill(0)
    for (let label = 0; label < counts.length; label++) {
      const proportions = openProportions(gamma, held, size / workers)
      let share = 0
      let cut = 0
      for (let worker = 0; worker < workers; worker++) {
        share += proportions[worker]
        const next = worker === workers - 1 ? counts[label] : Math.min(counts[label], Math.floor(share * counts[label]))
        chunks[worker][label] = next - cut
        held[worker] += next - cut
        cut = next
      }
    }
    if (Math.min(...held) >= Math.floor((0.5 * size) / workers)) return chunks
  }
  throw new LabError(
    'partition',
    `alpha: got ${alpha} with ${workers} workers and ${size} pictures of ${counts.length} classes; no split left every worker at least half a share. Raise alpha, or use fewer workers or more pictures`,
  )
}

/**
 * Draws from the gamma distribution of shape alpha. Below 1 it is one of shape alpha + 1 times U^(1 / alpha) (Marsaglia and Tsang 2000), here
 * by exp and log: Math.pow, which d3 takes, differs in its last bits between versions of V8, and so would the shards of tabs and simulation.
 */
function gammaOf(alpha: number, { uniform }: RandomSource): () => number {
  if (alpha >= 1) return randomGamma.source(uniform)(alpha)
  const larger = randomGamma.source(uniform)(alpha + 1)
  return () => larger() * Math.exp(Math.log(uniform()) / alpha)
}

/** Dirichlet proportions over the workers that are not full; drawn anew when all the weight fell on full ones. */
function openProportions(gamma: () => number, held: number[], capacity: number): number[] {
  // Then there are no pictures left to share out.
  if (held.every((count) => count >= capacity)) return held.map(() => 0)
  for (;;) {
    const weights = held.map((count) => {
      const weight = gamma()
      return count < capacity ? weight : 0
    })
    const total = sum(weights)
    if (total > 0) return weights.map((weight) => weight / total)
  }
}

function cutEqually(sequence: Run[], classCounts: number[], workers: number, random: RandomSource): Partition {
  const shardSize = Math.floor(sum(classCounts) / workers)
  const rotation = classCounts.map((count) => (count > 0 ? random.integer(count) : 0))
  const taken = classCounts.map(() => 0)
  const counts = Array.from({ length: workers }, () => classCounts.map(() => 0))
  let worker = 0
  let room = shardSize
  for (const run of sequence) {
    let left = run.count
    while (left > 0 && worker < workers) {
      const count = Math.min(left, room)
      counts[worker][run.class] += count
      left -= count
      room -= count
      if (room === 0) {
        worker++
        room = shardSize
      }
    }
  }
  const pieces = counts.map((row) =>
    row.flatMap((count, label) => {
      const start = (rotation[label] + taken[label]) % (classCounts[label] || 1)
      taken[label] += count
      const beforeEnd = Math.min(count, classCounts[label] - start)
      return [
        { class: label, start, count: beforeEnd },
        { class: label, start: 0, count: count - beforeEnd },
      ].filter((piece) => piece.count > 0)
    }),
  )
  return { shardSize, counts, pieces }
}

function sum(values: number[]): number {
  return values.reduce((a, b) => a + b, 0)
}
