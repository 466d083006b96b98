export { type EnsureDatasetOptions, ensureDataset } from './ensure-dataset.ts'
export { findFileDataset, openFileDataset } from './file-dataset.ts'
export { findLocalSource, findUsualSource, type LocalSource } from './local-source.ts'
export { type DatasetProgress, type PrepareDatasetOptions, prepareDataset } from './prepare-dataset.ts'
