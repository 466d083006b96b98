import type { Insight, JointPredictions, Predictions } from '../../engine/index.ts'

export type ShownPictures = Extract<Insight, { type: 'pictures' }>
type Said = Extract<Insight, { type: 'predictions' }>

/** A model's part of a worker's predictions. Most cells of a confusion matrix of many classes are zero: the others as index * 2^16 + count. */
interface Judgement {
  cells: Uint32Array
  strip: Predictions
}

/** What one worker said at an evaluation, compact. There are at most 2^8 classes and 10,000 test pictures. */
export interface RecordedPredictions {
  step: number
  classes: number
  own: Judgement
  averaged: Judgement
}

interface Evaluation {
  step: number
  /** by rank */
  said: ReadonlyMap<number, RecordedPredictions>
  bytes: number
}

/** All that a training worker has shown of one run, thinned where it is too much: evaluations in equal distances, and the last. */
export interface RecordedInsight {
  /** by rank */
  pictures: ReadonlyMap<number, ShownPictures>
  /** ascending by step */
  evaluations: readonly Evaluation[]
  /** every so manieth evaluation is kept */
  every: number
  /** evaluations so far, the ones not kept included */
  count: number
}

export const noInsight: RecordedInsight = { pictures: new Map(), evaluations: [], every: 1, count: 0 }

/** Of the predictions of a run; pictures come beside them. */
const MOST_BYTES = 2_000_000

/** What was shown before, with one thing more. */
export function withInsight(before: RecordedInsight, insight: Insight, mostBytes = MOST_BYTES): RecordedInsight {
  switch (insight.type) {
    case 'pictures': {
      // The strip is the same for all workers.
      const strip = [...before.pictures.values()][0]?.strip ?? insight.strip
      return { ...before, pictures: new Map(before.pictures).set(insight.rank, { ...insight, strip }) }
    }
    case 'predictions':
      return thinned(withPredictions(before, insight), mostBytes)
    default:
      return insight satisfies never
  }
}

function withPredictions(before: RecordedInsight, insight: Said): RecordedInsight {
  const { evaluations, every, count } = before
  const at = evaluations.findLastIndex(({ step }) => step === insight.step)
  if (at >= 0) return { ...before, evaluations: evaluations.with(at, extended(evaluations[at], insight)) }
  const last = evaluations.at(-1)
  // Of an evaluation that was left out.
  if (last && insight.step < last.step) return before
  const stay = (count - 1) % every === 0 ? evaluations : evaluations.slice(0, -1)
  return { ...before, evaluations: [...stay, extended({ step: insight.step, said: new Map(), bytes: 0 }, insight)], count: count + 1 }
}

function extended({ step, said }: Evaluation, insight: Said): Evaluation {
  const { confusion, averagedConfusion, strip, averagedStrip } = insight
  const own = { cells: cellsOf(confusion), strip: copyOf(strip) }
  const averaged = { cells: cellsOf(averagedConfusion), strip: copyOf(averagedStrip) }
  // All who take part in an evaluation say the same of the averaged model.
  const known = [...said.values()].find((other) => isSame(other.averaged, averaged))?.averaged
  const spoken = { step, classes: Math.sqrt(confusion.length), own, averaged: known ?? averaged }
  const all = new Map(said).set(insight.rank, spoken)
  return { step, said: all, bytes: saidBytes(all) }
}

/** What two pages have shown of one run, each of its own workers; null where neither has anything. */
export function joinedInsight(a: RecordedInsight | null, b: RecordedInsight | null): RecordedInsight | null {
  if (!a || !b) return a ?? b
  const steps = new Set([...a.evaluations, ...b.evaluations].map(({ step }) => step))
  const evaluations = [...steps]
    .sort((x, y) => x - y)
    .map((step): Evaluation => {
      const [first, second] = [a, b].map((insight) => insight.evaluations.find((evaluation) => evaluation.step === step))
      const said = new Map([...(first?.said ?? []), ...(second?.said ?? [])])
      return { step, said, bytes: saidBytes(said) }
    })
  const pictures = new Map([...a.pictures, ...b.pictures])
  return { pictures, evaluations, every: Math.max(a.every, b.every), count: Math.max(a.count, b.count) }
}

/** Leaves out every second evaluation while they are too large together. */
function thinned(insight: RecordedInsight, mostBytes: number): RecordedInsight {
  const { evaluations, every } = insight
  if (evaluations.length < 3 || predictionBytes(insight) <= mostBytes) return insight
  const stay = evaluations.filter((_, i) => i % 2 === 0 || i === evaluations.length - 1)
  return thinned({ ...insight, evaluations: stay, every: 2 * every }, mostBytes)
}

/** What a worker had said last after so many steps; undefined before its first evaluation. */
export const saidAt = ({ evaluations }: RecordedInsight, rank: number, step: number): RecordedPredictions | undefined =>
  evaluations.findLast((evaluation) => evaluation.step <= step && evaluation.said.has(rank))?.said.get(rank)

/** As the worker gave them. */
export function predictionsOf({ classes, own, averaged }: RecordedPredictions): JointPredictions {
  const matrix = ({ cells }: Judgement) => {
    const counts = new Uint32Array(classes * classes)
    for (const cell of cells) counts[cell >>> 16] = cell & 0xffff
    return counts
  }
  return { confusion: matrix(own), averagedConfusion: matrix(averaged), strip: own.strip, averagedStrip: averaged.strip }
}

/** About what it takes to keep. */
export function insightBytes(insight: RecordedInsight): number {
  const strip = [...insight.pictures.values()][0]?.strip.images.length ?? 0
  return predictionBytes(insight) + strip + sum([...insight.pictures.values()].map(({ own }) => own.images.length))
}

const predictionBytes = ({ evaluations }: RecordedInsight) => sum(evaluations.map(({ bytes }) => bytes))
const saidBytes = (said: Evaluation['said']) =>
  sum([...new Set([...said.values()].flatMap(({ own, averaged }) => [own, averaged]))].map(bytesOf))
const bytesOf = ({ cells, strip }: Judgement) => cells.byteLength + strip.classes.byteLength + strip.probabilities.byteLength
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)

/** A view of a larger buffer would keep all of it. */
const copyOf = ({ classes, probabilities }: Predictions): Predictions => ({
  classes: classes.slice(),
  probabilities: probabilities.slice(),
})

const cellsOf = (counts: Uint32Array) =>
  Uint32Array.from([...counts.keys()].filter((index) => counts[index] > 0).map((index) => index * 0x10000 + counts[index]))

const isSame = (a: Judgement, b: Judgement) =>
  isEqual(a.cells, b.cells) && isEqual(a.strip.classes, b.strip.classes) && isEqual(a.strip.probabilities, b.strip.probabilities)

const isEqual = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
