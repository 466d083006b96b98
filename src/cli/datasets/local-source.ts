import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { type CifarFiles, type CifarFormat, LabError, type NamedBytes } from '../../engine/index.ts'
import { projectFolder } from '../paths.ts'

/** A place on this machine that holds the official files of a data set. */
export interface LocalSource {
  kind: 'archive' | 'folder'
  path: string
  /** any whole number of records is fine */
  partial: boolean
}

/**
 * Looks for the official archive or folder at `place`: the archive itself, the official folder itself, or a folder that contains
 * either, or a folder named like the official one with `-part` at the end.
 * @returns null when `place` is a folder without this data set
 * @throws LabError `dataset` when `place` does not exist
 */
export async function findLocalSource(format: CifarFormat, place: string, partial = false): Promise<LocalSource | null> {
  const info = await stat(place).catch((error: unknown) => {
    throw new LabError('dataset', `${place}: no such file or folder.`, { cause: error })
  })
  if (info.isFile()) return { kind: 'archive', path: place, partial }
  const asFolder = (folder: string): LocalSource => ({
    kind: 'folder',
    path: folder,
    partial: partial || path.basename(folder).endsWith('-part'),
  })
  if (await looksOfficial(format, place)) return asFolder(place)
  for (const name of [format.folder, `${format.folder}-part`]) {
    const folder = path.join(place, name)
    if (await looksOfficial(format, folder)) return asFolder(folder)
  }
  const archive = path.join(place, format.archive.fileName)
  return (await isFile(archive)) ? { kind: 'archive', path: archive, partial } : null
}

/** Where a copy may lie without being asked for: what TABSWARM_DATASETS names, then a folder `shared/datasets` beside the checkout. */
export async function findUsualSource(format: CifarFormat): Promise<LocalSource | null> {
  const named = process.env.TABSWARM_DATASETS
  if (named) {
    const place = path.resolve(named)
    const source = await findLocalSource(format, place).catch((error: unknown) => {
      throw new LabError('dataset', `TABSWARM_DATASETS names ${place}, which does not exist; correct or unset it.`, { cause: error })
    })
    // An archive named for one data set says nothing about the other.
    if (source && !(source.kind === 'archive' && isOtherArchive(format, source.path))) return source
  }
  return findLocalSource(format, path.resolve(projectFolder, '../shared/datasets')).catch(() => null)
}

const isOtherArchive = (format: CifarFormat, file: string) => (format.name === 'cifar10') === /100/.test(path.basename(file))

/** The training file names are the mark: `batches.meta.txt` and its like are the same in other versions. */
async function looksOfficial(format: CifarFormat, folder: string): Promise<boolean> {
  if (await isFile(path.join(folder, 'manifest.json'))) return false
  return isFile(path.join(folder, format.trainFiles[0]))
}

const isFile = (file: string) =>
  stat(file).then(
    (info) => info.isFile(),
    () => false,
  )

/**
 * Reads the official files of a folder. A part of the data set may lack training files after the first.
 * @throws LabError `dataset` naming the file that is missing
 */
export async function readOfficialFolder(format: CifarFormat, folder: string, partial: boolean, signal?: AbortSignal): Promise<CifarFiles> {
  const read = async (fileName: string): Promise<NamedBytes> => {
    const file = path.join(folder, fileName)
    const bytes = await readFile(file, { signal }).catch((error: unknown) => {
      signal?.throwIfAborted()
      throw new LabError(
        'dataset',
        `${file}: cannot be read (${(error as Error).message}); the ${format.title} folder needs ${[...format.trainFiles, format.testFile].join(', ')}.`,
        {
          cause: error,
        },
      )
    })
    return { name: file, bytes }
  }
  const train: NamedBytes[] = []
  for (const fileName of format.trainFiles) {
    if (partial && train.length > 0 && !(await isFile(path.join(folder, fileName)))) continue
    train.push(await read(fileName))
  }
  return { train, test: await read(format.testFile) }
}
