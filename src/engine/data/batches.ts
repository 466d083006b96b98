import type { Batch } from '../backends/types.ts'
import { LabError } from '../errors.ts'
import { type RandomSource, randomStream, shuffle } from '../random.ts'
import { IMAGE_BYTES } from './dataset.ts'
import type { Pictures } from './shard.ts'
import type { StoredPictures } from './stored-pictures.ts'

const PADDING = 4

/**
 * Mini-batches of one worker's shard: shuffled anew every epoch, the last incomplete batch dropped, optionally with random crop
 * (padding 4, black) and horizontal flip. Everything follows from seed and rank.
 */
export class BatchStream {
  readonly batchesPerEpoch: number
  private readonly order: Uint32Array
  private readonly shuffling: RandomSource
  private readonly augmenting: RandomSource | null
  private readonly images: StoredPictures
  private readonly labels: Uint8Array
  private next: number

  /** @throws LabError `batch` when the shard is smaller than one batch */
  constructor(
    private readonly shard: Pictures,
    /** as in StoredPictures */
    table: Float32Array,
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
    this.images = { bytes: new Uint8Array(batchSize * IMAGE_BYTES), crops: new Int8Array(batchSize * 3), table }
    this.labels = new Uint8Array(batchSize)
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
      this.labels[i] = this.shard.labels[from]
      this.images.bytes.set(this.shard.images.subarray(from * IMAGE_BYTES, (from + 1) * IMAGE_BYTES), i * IMAGE_BYTES)
      if (!this.augmenting) continue
      const dy = this.augmenting.integer(2 * PADDING + 1) - PADDING
      const dx = this.augmenting.integer(2 * PADDING + 1) - PADDING
      this.images.crops.set([dy, dx, this.augmenting.integer(2)], i * 3)
    }
    this.next++
    return { images: this.images, labels: this.labels }
  }
}
