import { LabError } from '../errors.ts'
import { type Dataset, IMAGE_BYTES } from './dataset.ts'
import { type Partition, partition } from './partition.ts'

/** Pictures as bytes, [count, 32, 32, 3], with their labels. */
export interface Pictures {
  images: Uint8Array
  labels: Uint8Array
}

export interface PartitionChoice {
  /** use only original records below this number */
  trainImages: number
  workers: number
  partition: 'iid' | 'dirichlet'
  alpha: number
  seed: number
}

/**
 * Shares out the first `trainImages` records of a data set. The record numbers of the class-sorted file are all that is read.
 * @throws LabError `partition` or `dataset`
 */
export async function partitionOf(dataset: Dataset, choice: PartitionChoice): Promise<Partition> {
  const { trainClassCounts, title } = dataset.manifest
  const available = trainClassCounts.reduce((a, b) => a + b, 0)
  if (choice.trainImages > available)
    throw new LabError('dataset', `trainImages: got ${choice.trainImages}; ${title} here has ${available} training pictures`)
  const records = await dataset.trainRecords()
  let start = 0
  const classCounts = trainClassCounts.map((count) => {
    const end = start + count
    let used = start
    while (used < end && records[used] < choice.trainImages) used++
    const taken = used - start
    start = end
    return taken
  })
  return partition({ classCounts, workers: choice.workers, scheme: choice.partition, alpha: choice.alpha, seed: choice.seed })
}

/** Fetches one worker's shard: only its stretches of the class-sorted file. */
export async function loadShard(
  dataset: Dataset,
  { pieces, shardSize }: Partition,
  rank: number,
  onProgress?: (fraction: number) => void,
): Promise<Pictures> {
  const classStart: number[] = []
  dataset.manifest.trainClassCounts.reduce((start, count, label) => {
    classStart[label] = start
    return start + count
  }, 0)
  const images = new Uint8Array(shardSize * IMAGE_BYTES)
  const labels = new Uint8Array(shardSize)
  let filled = 0
  for (const piece of pieces[rank]) {
    images.set(await dataset.trainImages(classStart[piece.class] + piece.start, piece.count), filled * IMAGE_BYTES)
    labels.fill(piece.class, filled, filled + piece.count)
    filled += piece.count
    onProgress?.(filled / shardSize)
  }
  return { images, labels }
}

const testSets = new WeakMap<Dataset, { count: number; pictures: Promise<Pictures> }>()

/**
 * The first `count` test pictures. The workers of a simulation share them: they read an opened data set once, and only look at them.
 * @throws LabError `dataset` when there are fewer
 */
export function loadTestSet(dataset: Dataset, count: number): Promise<Pictures> {
  const known = testSets.get(dataset)
  if (known?.count === count) return known.pictures
  const pictures = readTestSet(dataset, count)
  testSets.set(dataset, { count, pictures })
  pictures.catch(() => testSets.delete(dataset))
  return pictures
}

async function readTestSet(dataset: Dataset, count: number): Promise<Pictures> {
  const { testRecords, title } = dataset.manifest
  if (count > testRecords) throw new LabError('dataset', `testImages: got ${count}; ${title} here has ${testRecords} test pictures`)
  const [images, labels] = await Promise.all([dataset.testImages(count), dataset.testLabels()])
  return { images, labels: labels.slice(0, count) }
}
