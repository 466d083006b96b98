import { open, readFile } from 'node:fs/promises'
import path from 'node:path'
import { type Dataset, LabError, parseManifest, preparedDataset, preparedFileBytes } from '../../engine/index.ts'

/**
 * Opens a prepared data set in a folder; pictures are read by stretches.
 * @param root folder of data sets, usually `public/datasets`
 * @throws LabError `dataset` when it is not there or not whole
 */
export async function openFileDataset(root: string, name: string): Promise<Dataset> {
  const folder = path.join(root, name)
  const place = path.join(folder, 'manifest.json')
  const json = await readFile(place, 'utf8').catch((error: unknown) => {
    throw new LabError('dataset', `the data set "${name}" is not prepared; run: npm run lab -- datasets ${name}`, { cause: error })
  })
  const manifest = parseManifest(json, place, name)
  const sizes = preparedFileBytes(manifest)
  return preparedDataset(manifest, (fileName, start, count) => readStretch(path.join(folder, fileName), start, count, sizes[fileName]))
}

async function readStretch(file: string, start: number, count: number, expectedBytes: number): Promise<Uint8Array> {
  const handle = await open(file).catch((error: unknown) => {
    throw new LabError('dataset', `${file}: cannot be read; prepare the data set again.`, { cause: error })
  })
  try {
    const { size } = await handle.stat()
    if (size !== expectedBytes)
      throw new LabError('dataset', `${file}: ${size} bytes, expected ${expectedBytes}; prepare the data set again.`)
    const bytes = new Uint8Array(count)
    for (let done = 0; done < count; ) {
      const { bytesRead } = await handle.read(bytes, done, count - done, start + done)
      if (bytesRead === 0)
        throw new LabError('dataset', `${file}: ends at byte ${start + done}, expected ${expectedBytes} bytes; prepare the data set again.`)
      done += bytesRead
    }
    return bytes
  } finally {
    await handle.close()
  }
}

/** What is prepared under `root` with the given name, or null. A damaged one counts as not prepared. */
export const findFileDataset = (root: string, name: string): Promise<Dataset | null> => openFileDataset(root, name).catch(() => null)
