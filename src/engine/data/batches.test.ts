import { describe, expect, it } from 'vitest'
import { BatchStream } from './batches.ts'
import { IMAGE_BYTES } from './dataset.ts'
import { shapes10 } from './shapes10.ts'
import { loadShard, loadTestSet, partitionOf } from './shard.ts'
import { byteTable, normalize, type StoredPictures } from './stored-pictures.ts'

const table = byteTable({ mean: [0.5, 0.25, 0], std: [0.5, 0.25, 1] })
const shardOf = (count: number) => ({
  images: new Uint8Array(count * IMAGE_BYTES).map((_, i) => (i * 7) % 251),
  labels: Uint8Array.from({ length: count }, (_, i) => i),
})
const options = { batchSize: 4, augment: false, seed: 1, rank: 0 }

describe('BatchStream', () => {
  it('shows every picture once an epoch, dropping the incomplete batch, in a new order each time', () => {
    const stream = new BatchStream(shardOf(10), table, options)
    expect(stream.batchesPerEpoch).toBe(2)
    const epochs = [0, 1].map(() => [...stream.take().labels, ...stream.take().labels].map(Number))
    for (const labels of epochs) expect(new Set(labels).size).toBe(8)
    expect(epochs[0]).not.toEqual(epochs[1])
  })

  it('follows from seed and rank', () => {
    const first = (change: Partial<typeof options>) => {
      const { images, labels } = new BatchStream(shardOf(64), table, { ...options, augment: true, ...change }).take()
      return [...labels, ...normalize(images as StoredPictures).subarray(0, 3000)]
    }
    expect(first({})).toEqual(first({}))
    expect(first({})).not.toEqual(first({ seed: 2 }))
    expect(first({})).not.toEqual(first({ rank: 1 }))
  })

  it('refuses a batch larger than the shard, with advice', () => {
    expect(() => new BatchStream(shardOf(3), table, options)).toThrow(
      /batchSize: got 4 but each worker holds 3 pictures; take a smaller batch/,
    )
  })
})

describe('shards', () => {
  const choice = { trainImages: 500, workers: 3, partition: 'dirichlet' as const, alpha: 0.5, seed: 4 }

  it('hold the pictures that the partition says, and only of the first records', async () => {
    const partition = await partitionOf(shapes10, choice)
    expect(partition.counts.flat().reduce((a, b) => a + b)).toBe(3 * Math.floor(500 / 3))
    const shard = await loadShard(shapes10, partition, 1)
    const counts = new Array(10).fill(0)
    for (const label of shard.labels) counts[label]++
    expect(counts).toEqual(partition.counts[1])
    // The first 500 records are the first 50 of each class here.
    for (const { start, count } of partition.pieces.flat()) expect(start + count).toBeLessThanOrEqual(50)
    const [piece] = partition.pieces[1]
    expect(shard.images.subarray(0, IMAGE_BYTES)).toEqual(await shapes10.trainImages(piece.class * 1000 + piece.start, 1))
  })

  it('of a test set are shared by the workers of a process', async () => {
    const first = await loadTestSet(shapes10, 20)
    expect(await loadTestSet(shapes10, 20)).toBe(first)
    const other = await loadTestSet(shapes10, 10)
    expect(other.images).toEqual(first.images.subarray(0, other.images.length))
  })

  it('refuse more pictures than there are', async () => {
    await expect(partitionOf(shapes10, { ...choice, trainImages: 20_000 })).rejects.toThrow(
      /trainImages: got 20000; Shapes-10 here has 10000/,
    )
    await expect(loadTestSet(shapes10, 5_000)).rejects.toThrow(/testImages: got 5000; Shapes-10 here has 2000/)
  })
})
