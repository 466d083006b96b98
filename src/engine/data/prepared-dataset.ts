import { LabError } from '../errors.ts'
import { type Dataset, type DatasetManifest, IMAGE_BYTES } from './dataset.ts'
import { trainRecordsOf } from './manifest.ts'
import type { PreparedFileName } from './prepare.ts'

/** Reads `count` bytes of a prepared file from `start`; resolves to exactly that many, or rejects with a message for the user. */
export type ReadBytes = (file: PreparedFileName, start: number, count: number) => Promise<Uint8Array>

/** A data set over anything that can read stretches of its files: a folder, a server, the browser's private file system. */
export function preparedDataset(manifest: DatasetManifest, readBytes: ReadBytes): Dataset {
  const trainTotal = trainRecordsOf(manifest)
  return {
    manifest,
    async trainRecords() {
      const bytes = await readBytes('train-records.bin', 0, trainTotal * 4)
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      return Uint32Array.from({ length: trainTotal }, (_, index) => view.getUint32(index * 4, true))
    },
    async trainImages(start, count) {
      checkStretch(`training pictures of ${manifest.title}`, start, count, trainTotal)
      return readBytes('train.bin', start * IMAGE_BYTES, count * IMAGE_BYTES)
    },
    async testLabels() {
      const labels = await readBytes('test-labels.bin', 0, manifest.testRecords)
      const bad = labels.findIndex((label) => label >= manifest.classes)
      if (bad >= 0)
        throw new LabError(
          'dataset',
          `${manifest.name}/test-labels.bin: label ${labels[bad]} at byte ${bad} is out of range; prepare the data set again.`,
        )
      return labels
    },
    async testImages(count) {
      checkStretch(`test pictures of ${manifest.title}`, 0, count, manifest.testRecords)
      return readBytes('test.bin', 0, count * IMAGE_BYTES)
    },
  }
}

function checkStretch(what: string, start: number, count: number, total: number): void {
  if (Number.isInteger(start) && Number.isInteger(count) && start >= 0 && count >= 0 && start + count <= total) return
  throw new LabError('dataset', `asked for ${what} ${start} to ${start + count}, but there are ${total}; use fewer pictures.`)
}
