import type { Pictures } from './data/shard.ts'
import { randomStream, shuffle } from './random.ts'

/** Test pictures that are shown with what the models say about them. */
export const STRIP_PICTURES = 12
/** Pictures of a worker's shard that are shown. */
export const SHARD_SAMPLE = 24

/** What a model says about some pictures, in their order. */
export interface Predictions {
  classes: Uint8Array
  /** what it gives these classes, by softmax */
  probabilities: Float32Array
}

/**
 * What a worker shows the page that it is in, beside its metrics. It is large, and of use while one looks at it: it goes to no other page,
 * into no file, and counts no bytes. The page may keep it beside the run.
 */
export type Insight =
  /** once, when training begins: the strip of test pictures, the same on all workers, and a sample of this worker's shard */
  | { type: 'pictures'; rank: number; strip: Pictures; own: Pictures }
  | ({ type: 'predictions'; rank: number; step: number } & JointPredictions)

/** At an evaluation, of this worker's model and of the averaged one. */
export interface JointPredictions {
  /** test pictures by actual and predicted class, [classes, classes] row-major: a row is what the pictures are */
  confusion: Uint32Array
  averagedConfusion: Uint32Array
  /** of the strip */
  strip: Predictions
  averagedStrip: Predictions
}

/** Positions of at most `count` pictures, chosen by the seed: of each class as many as of any other, or one more. Sorted by class. */
export function balancedChoice(labels: Uint8Array, count: number, seed: number): number[] {
  const random = randomStream(seed, 'strip')
  const ofClass = new Map<number, number[]>()
  for (const position of shuffle([...labels.keys()], random)) {
    const own = ofClass.get(labels[position])
    if (own) own.push(position)
    else ofClass.set(labels[position], [position])
  }
  const turns = Math.max(0, ...[...ofClass.values()].map(({ length }) => length))
  // The classes come in the order in which the shuffled pictures brought them, so that it is chance who has one more.
  const inTurns = Array.from({ length: turns }, (_, turn) => [...ofClass.values()].flatMap((own) => own.slice(turn, turn + 1)))
  return byClass(inTurns.flat().slice(0, count), labels)
}

/** Positions of at most `count` pictures, each as likely as any other. Sorted by class. */
export function uniformChoice(labels: Uint8Array, count: number, seed: number, rank: number): number[] {
  return byClass(shuffle([...labels.keys()], randomStream(seed, 'sample', rank)).slice(0, count), labels)
}

const byClass = (positions: number[], labels: Uint8Array) => positions.sort((a, b) => labels[a] - labels[b] || a - b)

/** Copies of the pictures at these positions. */
export function picturesAt({ images, labels }: Pictures, positions: number[]): Pictures {
  const bytes = images.length / labels.length
  const chosen = new Uint8Array(positions.length * bytes)
  positions.forEach((position, i) => {
    chosen.set(images.subarray(position * bytes, (position + 1) * bytes), i * bytes)
  })
  return { images: chosen, labels: Uint8Array.from(positions, (position) => labels[position]) }
}
