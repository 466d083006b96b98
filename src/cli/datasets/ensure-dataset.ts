import { cifarFormats, type Dataset, isCifarName, LabError } from '../../engine/index.ts'
import { datasetsFolder } from '../paths.ts'
import { openFileDataset } from './file-dataset.ts'
import { findUsualSource } from './local-source.ts'
import { type DatasetProgress, prepareDataset } from './prepare-dataset.ts'

export interface EnsureDatasetOptions {
  root?: string
  onProgress?: (progress: DatasetProgress) => void
  signal?: AbortSignal
}

/**
 * Opens a data set of files, preparing it first where that is still to do: from a copy named by TABSWARM_DATASETS, one in
 * `../shared/datasets`, or the official download.
 * @throws LabError `dataset`
 */
export async function ensureDataset(
  name: string,
  { root = datasetsFolder, onProgress, signal }: EnsureDatasetOptions = {},
): Promise<Dataset> {
  if (!isCifarName(name)) throw new LabError('dataset', `got data set "${name}"; allowed: ${Object.keys(cifarFormats).join(', ')}`)
  try {
    return await openFileDataset(root, name)
  } catch {
    const format = cifarFormats[name]
    await prepareDataset(format, { root, source: await findUsualSource(format), onProgress, signal })
    return openFileDataset(root, name)
  }
}
