import { afterEach, expect, it } from 'vitest'
import { officialArchive } from './cifar.fixture.ts'
import { recordBytesOf } from './cifar.ts'
import { cifarFormats } from './cifar-formats.ts'
import { IMAGE_BYTES } from './dataset.ts'
import { listOpfsDatasets, openOpfsDataset, prepareArchiveInOpfs } from './opfs-dataset.ts'

const { cifar10 } = cifarFormats

afterEach(async () => {
  const root = await navigator.storage.getDirectory()
  await root.removeEntry('tabswarm-datasets', { recursive: true }).catch(() => {})
})

/** All 60,000 records, nearly all of them black: full size unpacked, small packed. */
async function fullSizeArchive(fileName: string): Promise<File> {
  const files = [...cifar10.trainFiles, cifar10.testFile].map((name, file) => {
    const bytes = new Uint8Array(cifar10.recordsPerTrainFile * recordBytesOf(cifar10))
    for (let record = 0; record < cifar10.recordsPerTrainFile; record++) bytes[record * recordBytesOf(cifar10)] = (record + file) % 10
    bytes[1] = 100 + file
    return { name, bytes }
  })
  return new File([await officialArchive(cifar10, files)], fileName)
}

it('prepares an archive dropped on the page and reads it back', async () => {
  expect(await listOpfsDatasets()).toEqual([])
  await expect(openOpfsDataset('cifar10')).rejects.toThrow(/drop its official archive/)
  const fractions: number[] = []
  const manifest = await prepareArchiveInOpfs(await fullSizeArchive('cifar-10-binary.tar.gz'), {
    skipChecksum: true,
    onProgress: ({ fraction }) => fractions.push(fraction),
  })
  expect(manifest.trainClassCounts).toEqual(Array(10).fill(5_000))
  expect(fractions.at(-1)).toBe(1)
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
  expect(await listOpfsDatasets()).toEqual(['cifar10'])

  const dataset = await openOpfsDataset('cifar10')
  const records = await dataset.trainRecords()
  // Record 0 of file 2 has class 2 and is marked 102.
  const position = records.indexOf(20_000)
  expect(Math.floor(position / 5_000)).toBe(2)
  const [picture] = [await dataset.trainImages(position, 1)]
  expect(picture).toHaveLength(IMAGE_BYTES)
  expect(picture[0]).toBe(102)
  expect((await dataset.testImages(2))[0]).toBe(105)
  expect((await dataset.testLabels()).slice(0, 3)).toEqual(new Uint8Array([5, 6, 7]))
})

it('refuses what is not official, and leaves nothing behind', async () => {
  await expect(prepareArchiveInOpfs(new File(['hello'], 'hello.txt'))).rejects.toThrow(/hello\.txt: not an official archive/)
  await expect(prepareArchiveInOpfs(new File(['hello'], 'cifar-10-binary.tar.gz'))).rejects.toThrow(
    /5 bytes, .*170052171: cut short at byte 5/,
  )
  await expect(prepareArchiveInOpfs(new File(['hello'], 'cifar-10-binary.tar.gz'), { skipChecksum: true })).rejects.toThrow(
    /cannot be unpacked/,
  )
  expect(await listOpfsDatasets()).toEqual([])
})
