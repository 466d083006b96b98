import { LabError } from '../errors.ts'
import type { CifarFormat } from './cifar-formats.ts'
import { IMAGE_BYTES, IMAGE_SIDE } from './dataset.ts'

/** An official binary file: records of label bytes and 3,072 pixel bytes, one color plane after the other. */
export interface NamedBytes {
  /** how to name it to the user */
  name: string
  bytes: Uint8Array
}

export const recordBytesOf = (format: CifarFormat) => format.labelBytes + IMAGE_BYTES

/**
 * Checks one file and returns its number of records.
 * @param expectedRecords null accepts any whole number of records above zero
 * @throws LabError `dataset` naming the file and the byte offset of the first thing wrong
 */
export function checkRecords(format: CifarFormat, file: NamedBytes, expectedRecords: number | null): number {
  const recordBytes = recordBytesOf(format)
  const { length } = file.bytes
  const records = Math.floor(length / recordBytes)
  if (expectedRecords !== null && length !== expectedRecords * recordBytes)
    throw new LabError('dataset', wrongLength(format, file, expectedRecords))
  if (records * recordBytes !== length)
    throw new LabError(
      'dataset',
      `${file.name}: ${format.title} records are ${recordBytes} bytes each, but the file (${length} bytes) ends inside record ${records}, which begins at byte ${records * recordBytes}. The file is cut short, or it is not ${format.title}.`,
    )
  if (records === 0)
    throw new LabError('dataset', `${file.name}: the file is empty (expected records of ${recordBytes} bytes from byte 0).`)
  checkLabels(format, file, records)
  return records
}

function wrongLength(format: CifarFormat, file: NamedBytes, expectedRecords: number): string {
  const recordBytes = recordBytesOf(format)
  const expectedBytes = expectedRecords * recordBytes
  const what = `${file.name}: expected ${expectedRecords} records of ${recordBytes} bytes (${expectedBytes} bytes), got ${file.bytes.length} bytes`
  return file.bytes.length < expectedBytes
    ? `${what}: cut short at byte ${file.bytes.length}. Get the file again, or pass --part if a part of ${format.title} is meant.`
    : `${what}: more follows at byte ${expectedBytes}. This is not an official ${format.title} file.`
}

function checkLabels(format: CifarFormat, file: NamedBytes, records: number): void {
  const recordBytes = recordBytesOf(format)
  for (let record = 0; record < records; record++)
    for (const [index, limit] of format.labelLimits.entries()) {
      const offset = record * recordBytes + index
      const label = file.bytes[offset]
      if (label >= limit)
        throw new LabError(
          'dataset',
          `${file.name}: label ${label} at byte ${offset} (record ${record}) is out of range; ${format.title} has 0 to ${limit - 1} there. The file is damaged or not ${format.title}.`,
        )
    }
}

export const labelOf = (format: CifarFormat, file: NamedBytes, record: number) =>
  file.bytes[record * recordBytesOf(format) + format.labelOffset]

/** Writes the picture of one record (three planes of 32 x 32) into `target` at `targetOffset` in height, width, channel order. */
export function convertPicture(format: CifarFormat, file: NamedBytes, record: number, target: Uint8Array, targetOffset: number): void {
  const plane = IMAGE_SIDE * IMAGE_SIDE
  const { bytes } = file
  let red = record * recordBytesOf(format) + format.labelBytes
  for (let to = targetOffset, end = targetOffset + IMAGE_BYTES; to < end; to += 3, red++) {
    target[to] = bytes[red]
    target[to + 1] = bytes[red + plane]
    target[to + 2] = bytes[red + 2 * plane]
  }
}
