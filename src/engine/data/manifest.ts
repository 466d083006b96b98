import { z } from 'zod'
import { LabError } from '../errors.ts'
import { type DatasetManifest, IMAGE_BYTES } from './dataset.ts'
import type { PreparedFileName } from './prepare.ts'

const threeNumbers = z.tuple([z.number(), z.number(), z.number()])

const manifestSchema = z
  .object({
    schema: z.literal('tabswarm/dataset/1'),
    name: z.string().min(1),
    title: z.string(),
    classes: z.int().min(1).max(256),
    classNames: z.array(z.string()),
    mean: threeNumbers,
    std: threeNumbers,
    trainClassCounts: z.array(z.int().min(0)),
    testRecords: z.int().min(1),
    source: z.string(),
  })
  .refine((manifest) => manifest.classNames.length === manifest.classes && manifest.trainClassCounts.length === manifest.classes, {
    message: 'classNames and trainClassCounts must have one entry for each class',
  }) satisfies z.ZodType<DatasetManifest>

/**
 * Reads `manifest.json`.
 * @param place how to name the file to the user
 * @throws LabError `dataset` when it is not a manifest of the data set `name`
 */
export function parseManifest(json: string, place: string, name: string): DatasetManifest {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    throw new LabError('dataset', `${place}: not JSON; prepare the data set again.`, { cause: error })
  }
  const result = manifestSchema.safeParse(value)
  if (!result.success) {
    const issue = result.error.issues[0]
    throw new LabError('dataset', `${place}: ${issue.path.join('.') || 'manifest'}: ${issue.message}; prepare the data set again.`)
  }
  if (result.data.name !== name) throw new LabError('dataset', `${place}: this is the data set "${result.data.name}", expected "${name}".`)
  return result.data
}

export const trainRecordsOf = (manifest: DatasetManifest) => manifest.trainClassCounts.reduce((sum, count) => sum + count, 0)

/** How long each file of the data set must be. */
export function preparedFileBytes(manifest: DatasetManifest): Record<PreparedFileName, number> {
  const train = trainRecordsOf(manifest)
  return {
    'train.bin': train * IMAGE_BYTES,
    'train-records.bin': train * 4,
    'test.bin': manifest.testRecords * IMAGE_BYTES,
    'test-labels.bin': manifest.testRecords,
  }
}
