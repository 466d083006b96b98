import { createTar } from 'nanotar'
import { recordBytesOf } from './cifar.ts'
import type { CifarFormat } from './cifar-formats.ts'
import { IMAGE_BYTES } from './dataset.ts'

/** Bytes of an official file with the given classes; plane p, pixel k of record r is (7 r + 31 p + k) mod 256. */
export function officialBytes(format: CifarFormat, labels: number[]): Uint8Array<ArrayBuffer> {
  const recordBytes = recordBytesOf(format)
  const bytes = new Uint8Array(labels.length * recordBytes)
  for (const [record, label] of labels.entries()) {
    const start = record * recordBytes
    bytes[start + format.labelOffset] = label
    for (let k = 0; k < IMAGE_BYTES; k++) bytes[start + format.labelBytes + k] = officialPixel(record, Math.floor(k / 1024), k % 1024)
  }
  return bytes
}

export const officialPixel = (record: number, plane: number, pixel: number) => (7 * record + 31 * plane + pixel) % 256

/** All files of a small data set, in the official layout: `perFile` training records a file, and as many test records. */
export function officialFiles(format: CifarFormat, perFile: number): { name: string; bytes: Uint8Array<ArrayBuffer> }[] {
  const classes = format.classNames.length
  return [...format.trainFiles, format.testFile].map((name, file) => ({
    name,
    bytes: officialBytes(
      format,
      Array.from({ length: perFile }, (_, record) => (record * 3 + file) % classes),
    ),
  }))
}

/** A `.tar.gz` like the official one. */
export async function officialArchive(
  format: CifarFormat,
  files: { name: string; bytes: Uint8Array<ArrayBuffer> }[],
): Promise<Uint8Array<ArrayBuffer>> {
  const tar = createTar(files.map(({ name, bytes }) => ({ name: `${format.folder}/${name}`, data: bytes })))
  const zipped = new Blob([tar as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(zipped).arrayBuffer())
}
