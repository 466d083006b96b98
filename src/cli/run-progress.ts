import type { MetricEvent, RunConfig } from '../engine/index.ts'
import { type ProgressLine, progressLine } from './progress.ts'

/** The progress of a run on the terminal, from its metric events. */
export class RunProgress {
  private readonly line: ProgressLine = progressLine('run')
  private readonly steps = new Map<number, number>()
  private loss = Number.NaN
  private accuracy = ''

  constructor(private readonly config: RunConfig) {}

  prepare(stage: string, fraction: number): void {
    this.line.update(`preparing ${stage}`, fraction)
  }

  event(event: MetricEvent): void {
    if (event.type === 'step') {
      this.steps.set(event.rank, event.step)
      this.loss = event.loss
    } else if (event.type === 'evaluation') this.accuracy = `, averaged model ${(100 * event.averagedAccuracy).toFixed(1)} %`
    else if (event.type === 'view') process.stderr.write(`${event.message}\n`)
    const slowest = this.steps.size < this.config.workers ? 0 : Math.min(...this.steps.values())
    this.line.update(
      'training',
      slowest / this.config.steps,
      `step ${slowest} of ${this.config.steps}, loss ${this.loss.toFixed(3)}${this.accuracy}`,
    )
  }

  done(message: string): void {
    this.line.done(message)
  }
}
