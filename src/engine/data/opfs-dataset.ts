import { LabError } from '../errors.ts'
import { checkArchive, unpackCifarArchive } from './archive.ts'
import { cifarFormatOfArchive } from './cifar-formats.ts'
import type { Dataset, DatasetManifest } from './dataset.ts'
import { parseManifest, preparedFileBytes } from './manifest.ts'
import { prepareCifar } from './prepare.ts'
import { preparedDataset } from './prepared-dataset.ts'

/** Folder in the browser's private file system (OPFS) that holds one folder for each prepared data set. */
const ROOT_FOLDER = 'tabswarm-datasets'

export interface OpfsProgress {
  stage: 'check' | 'unpack' | 'convert' | 'store'
  /** of all stages together */
  fraction: number
}

/**
 * Prepares an official archive that the user dropped on the page into OPFS. Works in a page and, better, in a worker: the
 * conversion takes about a second. The manifest is written last, so a data set cut short is never taken for a whole one.
 * @throws LabError `dataset` when the archive is not an official one, or the browser cannot store it
 */
export async function prepareArchiveInOpfs(
  file: File,
  options: { skipChecksum?: boolean; onProgress?: (progress: OpfsProgress) => void } = {},
): Promise<DatasetManifest> {
  const { skipChecksum = false, onProgress = () => {} } = options
  const format = cifarFormatOfArchive(file.name, file.size)
  if (!format)
    throw new LabError('dataset', `${file.name}: not an official archive; drop cifar-10-binary.tar.gz or cifar-100-binary.tar.gz.`)
  if (!skipChecksum) {
    onProgress({ stage: 'check', fraction: 0 })
    // The size alone tells a cut-short file, without reading it.
    const sha256 = file.size === format.archive.bytes ? await sha256Of(file) : ''
    checkArchive(format, file.name, file.size, sha256)
  }
  const files = await unpackCifarArchive(format, file.name, file.stream(), (read) =>
    onProgress({ stage: 'unpack', fraction: 0.1 + (0.5 * read) / file.size }),
  )
  const prepared = await prepareCifar(format, files, {
    partial: false,
    source: `${file.name}, dropped on the page`,
    onProgress: (fraction) => onProgress({ stage: 'convert', fraction: 0.6 + 0.2 * fraction }),
  })

  const root = await datasetsFolder({ create: true })
  await root.removeEntry(format.name, { recursive: true }).catch(ignoreNotFound)
  try {
    const folder = await root.getDirectoryHandle(format.name, { create: true })
    let written = 0
    const contents = Object.entries(prepared.files)
    for (const [fileName, bytes] of contents) {
      await writeFile(folder, fileName, bytes)
      onProgress({ stage: 'store', fraction: 0.8 + (0.2 * ++written) / contents.length })
    }
    await writeFile(folder, 'manifest.json', new TextEncoder().encode(JSON.stringify(prepared.manifest)))
  } catch (error) {
    await root.removeEntry(format.name, { recursive: true }).catch(ignoreNotFound)
    throw new LabError(
      'dataset',
      `the browser could not store ${format.title}: ${messageOf(error)}. About 190 MB of site storage are needed.`,
      { cause: error },
    )
  }
  return prepared.manifest
}

/**
 * Opens a data set that was prepared in OPFS.
 * @throws LabError `dataset` when it is not there or not whole
 */
export async function openOpfsDataset(name: string): Promise<Dataset> {
  let folder: FileSystemDirectoryHandle
  let manifestJson: string
  try {
    folder = await (await datasetsFolder({ create: false })).getDirectoryHandle(name)
    manifestJson = await (await (await folder.getFileHandle('manifest.json')).getFile()).text()
  } catch (error) {
    throw new LabError('dataset', `this browser has no data set "${name}"; drop its official archive on the page.`, { cause: error })
  }
  const manifest = parseManifest(manifestJson, `${name}/manifest.json in this browser`, name)
  const sizes = preparedFileBytes(manifest)
  return preparedDataset(manifest, async (fileName, start, count) => {
    try {
      const file = await (await folder.getFileHandle(fileName)).getFile()
      if (file.size !== sizes[fileName]) throw new LabError('dataset', `${file.size} bytes, expected ${sizes[fileName]}`)
      return new Uint8Array(await file.slice(start, start + count).arrayBuffer())
    } catch (error) {
      throw new LabError('dataset', `${name}/${fileName} in this browser: ${messageOf(error)}; drop the archive on the page again.`, {
        cause: error,
      })
    }
  })
}

/** Names of the data sets that are whole in this browser; empty where OPFS is missing. */
export async function listOpfsDatasets(): Promise<string[]> {
  const names: string[] = []
  try {
    const root = await datasetsFolder({ create: false })
    for await (const name of root.keys()) if (await openOpfsDataset(name).catch(() => null)) names.push(name)
  } catch {
    // No OPFS, or nothing in it yet.
  }
  return names
}

async function datasetsFolder(options: { create: boolean }): Promise<FileSystemDirectoryHandle> {
  if (typeof navigator === 'undefined' || !navigator.storage?.getDirectory)
    throw new LabError('dataset', 'this browser has no private file system here (it needs https or localhost).')
  return (await navigator.storage.getDirectory()).getDirectoryHandle(ROOT_FOLDER, options)
}

async function writeFile(folder: FileSystemDirectoryHandle, fileName: string, bytes: Uint8Array): Promise<void> {
  const writable = await (await folder.getFileHandle(fileName, { create: true })).createWritable()
  await writable.write(bytes as Uint8Array<ArrayBuffer>)
  await writable.close()
}

async function sha256Of(file: File): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
