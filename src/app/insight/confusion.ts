/** One cell of a confusion matrix: pictures of one class that a model takes for another, or for what they are. */
export interface Cell {
  actual: number
  predicted: number
  count: number
  /** test pictures of the actual class */
  total: number
}

/** Cells as the model made them, [classes, classes] row-major, a row being what the pictures are. */
export class Confusion {
  readonly classes: number
  private readonly totals: number[]

  constructor(private readonly counts: Uint32Array) {
    this.classes = Math.sqrt(counts.length)
    this.totals = Array.from({ length: this.classes }, (_, actual) =>
      counts.subarray(actual * this.classes, (actual + 1) * this.classes).reduce((a, b) => a + b, 0),
    )
  }

  at(actual: number, predicted: number): Cell {
    return { actual, predicted, count: this.counts[actual * this.classes + predicted], total: this.totals[actual] }
  }

  /** The mistakes that are made most often, at most so many. */
  worst(most: number): Cell[] {
    return [...this.counts.keys()]
      .map((index) => this.at(Math.floor(index / this.classes), index % this.classes))
      .filter(({ actual, predicted, count }) => actual !== predicted && count > 0)
      .sort((a, b) => b.count - a.count || b.count / b.total - a.count / a.total)
      .slice(0, most)
  }
}

/** Of the pictures of its class, 0 to 1. */
export const shareOf = ({ count, total }: Cell) => (total === 0 ? 0 : count / total)
