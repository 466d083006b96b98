import type { Commands } from './commands.ts'

/** a batch of repetitions lasts so many times as long as an empty submission, which is in it, at least */
const FAR_ABOVE_EMPTY = 10
const BATCHES = 3
/** in one submission, at most */
const MOST_REPETITIONS = 10_000

/** Times recorded commands by repeating them in one submission. */
export class Stopwatch {
  private constructor(
    private readonly commands: Commands,
    private readonly emptyMs: number,
  ) {}

  static async start(commands: Commands): Promise<Stopwatch> {
    const { device } = commands
    let emptyMs = Number.POSITIVE_INFINITY
    for (let i = 0; i < BATCHES; i++) {
      const start = performance.now()
      device.queue.submit([device.createCommandEncoder().finish()])
      await device.queue.onSubmittedWorkDone()
      emptyMs = Math.min(emptyMs, performance.now() - start)
    }
    return new Stopwatch(commands, emptyMs)
  }

  /** Milliseconds of one repetition, of the fastest of a few batches; takes about so many seconds, or longer for what is slow. */
  async time(record: () => void, seconds: number): Promise<number> {
    await this.run(record, 1)
    const wanted = Math.max((seconds * 1000) / (BATCHES + 1), FAR_ABOVE_EMPTY * this.emptyMs)
    let count = 1
    let ms = await this.run(record, count)
    while (ms < wanted && count < MOST_REPETITIONS) {
      count = Math.min(MOST_REPETITIONS, Math.ceil(count * Math.min(10, (1.2 * wanted) / ms)))
      ms = await this.run(record, count)
    }
    for (let batch = 1; batch < BATCHES; batch++) ms = Math.min(ms, await this.run(record, count))
    return ms / count
  }

  private async run(record: () => void, count: number): Promise<number> {
    for (let i = 0; i < count; i++) record()
    const start = performance.now()
    this.commands.submit()
    await this.commands.device.queue.onSubmittedWorkDone()
    return performance.now() - start
  }
}
