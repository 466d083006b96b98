import { LabError } from '../errors.ts'
import { checkRecords, convertPicture, labelOf, type NamedBytes } from './cifar.ts'
import type { CifarFormat } from './cifar-formats.ts'
import { type DatasetManifest, IMAGE_BYTES } from './dataset.ts'

/** The official files of one data set, read whole. */
export interface CifarFiles {
  train: NamedBytes[]
  test: NamedBytes
}

/** The files of a prepared data set, by file name. */
export interface PreparedDataset {
  manifest: DatasetManifest
  files: Record<PreparedFileName, Uint8Array>
}

export const preparedFileNames = ['train.bin', 'train-records.bin', 'test.bin', 'test-labels.bin'] as const
export type PreparedFileName = (typeof preparedFileNames)[number]

export interface PrepareOptions {
  /** accept any whole number of records, as in a part of the data set */
  partial: boolean
  /** shown to the user as the origin of the records */
  source: string
  onProgress?: (fraction: number) => void
  /** called every thousand pictures, so that a server can answer in between; throws to give up */
  pause?: () => Promise<void>
}

const PICTURES_PER_PAUSE = 1_000

/**
 * Checks the official files and rearranges them: pictures in height, width, channel order; training pictures sorted by class and,
 * within a class, by original record number. So a worker's shard is a few contiguous stretches of one file.
 * @throws LabError `dataset` naming the file and byte offset of the first thing wrong
 */
export async function prepareCifar(format: CifarFormat, { train, test }: CifarFiles, options: PrepareOptions): Promise<PreparedDataset> {
  if (train.length === 0) throw new LabError('dataset', `${format.title}: no training file (expected ${format.trainFiles.join(', ')}).`)
  const trainCounts = train.map((file) => checkRecords(format, file, options.partial ? null : format.recordsPerTrainFile))
  const testRecords = checkRecords(format, test, options.partial ? null : format.testRecords)
  const trainRecords = trainCounts.reduce((sum, count) => sum + count, 0)

  const trainClassCounts = format.classNames.map(() => 0)
  for (const [index, file] of train.entries())
    for (let record = 0; record < trainCounts[index]; record++) trainClassCounts[labelOf(format, file, record)]++
  const nextOfClass = startsOf(trainClassCounts)

  const total = trainRecords + testRecords
  let done = 0
  const step = async () => {
    if (++done % PICTURES_PER_PAUSE !== 0) return
    options.onProgress?.(done / total)
    await options.pause?.()
  }

  const trainBytes = new Uint8Array(trainRecords * IMAGE_BYTES)
  const originalRecords = new Uint8Array(trainRecords * 4)
  const originalRecordsView = new DataView(originalRecords.buffer)
  let firstRecord = 0
  for (const [index, file] of train.entries()) {
    for (let record = 0; record < trainCounts[index]; record++) {
      const position = nextOfClass[labelOf(format, file, record)]++
      convertPicture(format, file, record, trainBytes, position * IMAGE_BYTES)
      originalRecordsView.setUint32(position * 4, firstRecord + record, true)
      await step()
    }
    firstRecord += trainCounts[index]
  }

  const testBytes = new Uint8Array(testRecords * IMAGE_BYTES)
  const testLabels = new Uint8Array(testRecords)
  for (let record = 0; record < testRecords; record++) {
    convertPicture(format, test, record, testBytes, record * IMAGE_BYTES)
    testLabels[record] = labelOf(format, test, record)
    await step()
  }

  const manifest: DatasetManifest = {
    schema: 'tabswarm/dataset/1',
    name: format.name,
    title: format.title,
    classes: format.classNames.length,
    classNames: format.classNames,
    mean: format.mean,
    std: format.std,
    trainClassCounts,
    testRecords,
    source: options.partial ? `${options.source} (a part: ${trainRecords} training and ${testRecords} test pictures)` : options.source,
  }
  return {
    manifest,
    files: { 'train.bin': trainBytes, 'train-records.bin': originalRecords, 'test.bin': testBytes, 'test-labels.bin': testLabels },
  }
}

function startsOf(counts: number[]): number[] {
  let start = 0
  return counts.map((count) => {
    const mine = start
    start += count
    return mine
  })
}
