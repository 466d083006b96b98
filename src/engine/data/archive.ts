import { type ParsedTarFileItem, parseTar } from 'nanotar'
import { LabError } from '../errors.ts'
import type { CifarFormat } from './cifar-formats.ts'
import type { CifarFiles } from './prepare.ts'

/** The official archives unpack to less than 190 MB; far more is not one of them. */
const MAX_UNPACKED_BYTES = 512 * 2 ** 20

/**
 * Unpacks an official archive (`.tar.gz`) and picks the files of the data set.
 * @param archiveName how to name the archive to the user
 * @param onRead told the compressed bytes read so far
 * @throws LabError `dataset` naming the archive, with the byte offset where it breaks off, or the file that is missing
 */
export async function unpackCifarArchive(
  format: CifarFormat,
  archiveName: string,
  compressed: ReadableStream<Uint8Array<ArrayBuffer>>,
  onRead?: (readBytes: number) => void,
): Promise<CifarFiles> {
  let readBytes = 0
  const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      readBytes += chunk.length
      onRead?.(readBytes)
      controller.enqueue(chunk)
    },
  })
  let tar: Uint8Array
  try {
    tar = await collect(compressed.pipeThrough(counted).pipeThrough(new DecompressionStream('gzip')))
  } catch (error) {
    if (error instanceof LabError || (error instanceof Error && error.name === 'AbortError')) throw error
    throw new LabError('dataset', `${archiveName}: damaged or cut short: it cannot be unpacked beyond byte ${readBytes}. Get it again.`, {
      cause: error,
    })
  }
  return pickFiles(format, archiveName, tar)
}

function pickFiles(format: CifarFormat, archiveName: string, tar: Uint8Array): CifarFiles {
  let entries: ParsedTarFileItem[]
  try {
    entries = parseTar(tar, { filter: ({ type }) => type === 'file' })
  } catch (error) {
    throw new LabError('dataset', `${archiveName}: the unpacked archive breaks off at byte ${tar.length}. Get it again.`, { cause: error })
  }
  const find = (fileName: string) => {
    const entry = entries.find(({ name }) => name.split('/').pop() === fileName)
    if (!entry?.data)
      throw new LabError(
        'dataset',
        `${archiveName}: no ${fileName} inside (found ${
          entries.length
            ? entries
                .map(({ name }) => name)
                .slice(0, 8)
                .join(', ')
            : 'nothing'
        }). The binary version, ${format.archive.fileName}, is needed.`,
      )
    return { name: `${archiveName}/${entry.name}`, bytes: entry.data }
  }
  return { train: format.trainFiles.map(find), test: find(format.testFile) }
}

/** Joins the chunks of a stream into one array that begins its own buffer (nanotar reads from the buffer's start). */
async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let total = 0
  const reader = stream.getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    total += read.value.length
    if (total > MAX_UNPACKED_BYTES)
      throw new LabError('dataset', `the archive unpacks to more than ${MAX_UNPACKED_BYTES} bytes: not an official CIFAR archive.`)
    chunks.push(read.value)
  }
  const joined = new Uint8Array(total)
  let offset = 0
  for (const chunk of chunks) {
    joined.set(chunk, offset)
    offset += chunk.length
  }
  return joined
}

/** Compares size and checksum with the official archive's. @throws LabError `dataset` naming file, size or checksum */
export function checkArchive(format: CifarFormat, archiveName: string, bytes: number, sha256: string): void {
  const { archive } = format
  if (bytes !== archive.bytes)
    throw new LabError(
      'dataset',
      `${archiveName}: ${bytes} bytes, but the official ${archive.fileName} has ${archive.bytes}${bytes < archive.bytes ? `: cut short at byte ${bytes}` : ''}. Get it again (a re-packed archive needs --skip-checksum).`,
    )
  if (sha256 !== archive.sha256)
    throw new LabError(
      'dataset',
      `${archiveName}: sha256 of bytes 0 to ${bytes} is ${sha256}, expected ${archive.sha256}. Get it again (a re-packed archive needs --skip-checksum).`,
    )
}
