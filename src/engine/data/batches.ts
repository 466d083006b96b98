import type { Batch } from '../backends/types.ts'
import { LabError } from '../errors.ts'
import { type RandomSource, randomStream, shuffle } from '../random.ts'
import { type DatasetManifest, IMAGE_BYTES, IMAGE_SIDE } from './dataset.ts'
import type { Pictures } from './shard.ts'

const PADDING = 4

/** Turns picture bytes into normalized float batches. */
export class Normalizer {
  /** value of each byte, per channel */
  private readonly table: Float32Array[]

  constructor({ mean, std }: Pick<DatasetManifest, 'mean' | 'std'>) {
    this.table = mean.map((m, channel) => Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - m) / std[channel]))
  }

  /** Writes picture `from` of `images` to picture `to` of `into`, moved by (dy, dx) over black and mirrored if asked. */
  write(images: Uint8Array, from: number, into: Float32Array, to: number, dy = 0, dx = 0, mirrored = false): void {
    let out = to * IMAGE_BYTES
    for (let row = 0; row < IMAGE_SIDE; row++) {
      const y = row + dy
      for (let column = 0; column < IMAGE_SIDE; column++) {
        const x = (mirrored ? IMAGE_SIDE - 1 - column : column) + dx
        const inside = y >= 0 && y < IMAGE_SIDE && x >= 0 && x < IMAGE_SIDE
        const at = from * IMAGE_BYTES + (y * IMAGE_SIDE + x) * 3
        for (let channel = 0; channel < 3; channel++) into[out++] = this.table[channel][inside ? images[at + channel] : 0]
      }
    }
  }
}

/**
 * Mini-batches of one worker's shard: shuffled anew every epoch, the last incomplete batch dropped, optionally with random crop
 * (padding 4, black) and horizontal flip. Everything follows from seed and rank.
 */
export class BatchStream {
  readonly batchesPerEpoch: number
  private readonly order: Uint32Array
  private readonly shuffling: RandomSource
  private readonly augmenting: RandomSource | null
  private readonly batch: Batch
  private next: number

  /** @throws LabError `batch` when the shard is smaller than one batch */
  constructor(
    private readonly shard: Pictures,
    private readonly normalizer: Normalizer,
    private readonly options: { batchSize: number; augment: boolean; seed: number; rank: number },
  ) {
    const { batchSize, augment, seed, rank } = options
    const size = shard.labels.length
    if (batchSize > size)
      throw new LabError(
        'batch',
        `batchSize: got ${batchSize} but each worker holds ${size} pictures; take a smaller batch, fewer workers or more trainImages`,
      )
    this.batchesPerEpoch = Math.floor(size / batchSize)
    this.order = Uint32Array.from({ length: size }, (_, i) => i)
    this.shuffling = randomStream(seed, 'batches', rank)
    this.augmenting = augment ? randomStream(seed, 'augment', rank) : null
    this.batch = { images: new Float32Array(batchSize * IMAGE_BYTES), labels: new Uint8Array(batchSize) }
    this.next = this.batchesPerEpoch
  }

  /** The next mini-batch; its buffers are used again by the following call. */
  take(): Batch {
    if (this.next === this.batchesPerEpoch) {
      shuffle(this.order, this.shuffling)
      this.next = 0
    }
    const { batchSize } = this.options
    for (let i = 0; i < batchSize; i++) {
      const from = this.order[this.next * batchSize + i]
      this.batch.labels[i] = this.shard.labels[from]
      if (this.augmenting) {
        const dy = this.augmenting.integer(2 * PADDING + 1) - PADDING
        const dx = this.augmenting.integer(2 * PADDING + 1) - PADDING
        this.normalizer.write(this.shard.images, from, this.batch.images, i, dy, dx, this.augmenting.integer(2) === 1)
      } else this.normalizer.write(this.shard.images, from, this.batch.images, i)
    }
    this.next++
    return this.batch
  }
}
