import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  type CifarFiles,
  type CifarFormat,
  checkArchive,
  type DatasetManifest,
  prepareCifar,
  unpackCifarArchive,
} from '../../engine/index.ts'
import { downloadsFolder } from '../paths.ts'
import { download, sha256OfFile } from './download.ts'
import { type LocalSource, readOfficialFolder } from './local-source.ts'
import { storePrepared } from './store.ts'

export interface DatasetProgress {
  stage: 'download' | 'check' | 'unpack' | 'convert' | 'store'
  /** of the stage */
  fraction: number
  /** for the user, such as `12 of 170 MB` */
  detail: string
}

export interface PrepareDatasetOptions {
  /** folder that gets `<name>/` */
  root: string
  /** null: download the official archive */
  source: LocalSource | null
  skipChecksum?: boolean
  onProgress?: (progress: DatasetProgress) => void
  signal?: AbortSignal
}

/**
 * Prepares a data set from its official files; either all of it is there in the end or nothing.
 * @throws LabError `dataset` naming file and byte offset of what is wrong; the reason of `signal` when it fires
 */
export async function prepareDataset(format: CifarFormat, options: PrepareDatasetOptions): Promise<DatasetManifest> {
  const { root, source, signal, onProgress = () => {} } = options
  const partial = source?.partial ?? false
  const files = await readFiles(format, options)
  const prepared = await prepareCifar(format, files, {
    partial,
    source: source ? `local copy ${path.basename(source.path)}` : `official archive ${format.archive.url}`,
    onProgress: (fraction) => onProgress({ stage: 'convert', fraction, detail: '' }),
    pause: async () => {
      await nextTurn()
      signal?.throwIfAborted()
    },
  })
  onProgress({ stage: 'store', fraction: 0, detail: '' })
  await storePrepared(root, prepared, signal)
  onProgress({ stage: 'store', fraction: 1, detail: '' })
  if (!source) await rm(archiveFile(format), { force: true })
  return prepared.manifest
}

async function readFiles(
  format: CifarFormat,
  { source, skipChecksum, signal, onProgress = () => {} }: PrepareDatasetOptions,
): Promise<CifarFiles> {
  if (source?.kind === 'folder') return readOfficialFolder(format, source.path, source.partial, signal)
  const file = source?.path ?? archiveFile(format)
  if (source) {
    if (!skipChecksum) {
      onProgress({ stage: 'check', fraction: 0, detail: '' })
      const { size } = await stat(file)
      // The size alone tells a cut-short archive, without reading it.
      checkArchive(format, file, size, size === format.archive.bytes ? await sha256OfFile(file, signal) : '')
    }
  } else {
    const { url, bytes, sha256 } = format.archive
    await download(
      { url, bytes, sha256, file },
      (got) => onProgress({ stage: 'download', fraction: got / bytes, detail: `${megabytes(got)} of ${megabytes(bytes)} MB` }),
      signal,
    )
  }
  const { size } = await stat(file)
  const stream = Readable.toWeb(createReadStream(file, { signal })) as ReadableStream<Uint8Array<ArrayBuffer>>
  try {
    return await unpackCifarArchive(format, file, stream, (read) => onProgress({ stage: 'unpack', fraction: read / size, detail: '' }))
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}

const archiveFile = (format: CifarFormat) => path.join(downloadsFolder, format.archive.fileName)
const megabytes = (bytes: number) => Math.round(bytes / 1e6)
