import { expect, it } from 'vitest'
import { checkArchive, unpackCifarArchive } from './archive.ts'
import { officialArchive, officialFiles } from './cifar.fixture.ts'
import { cifarFormats } from './cifar-formats.ts'

const { cifar10, cifar100 } = cifarFormats
const files = officialFiles(cifar10, 4)
const unpack = (bytes: Uint8Array<ArrayBuffer>, format = cifar10) => unpackCifarArchive(format, 'a.tar.gz', new Blob([bytes]).stream())

it('finds the official files in an archive', async () => {
  let read = 0
  const archive = await officialArchive(cifar10, files)
  const { train, test } = await unpackCifarArchive(cifar10, 'a.tar.gz', new Blob([archive]).stream(), (bytes) => {
    read = bytes
  })
  expect(train.map(({ name }) => name)).toEqual(cifar10.trainFiles.map((name) => `a.tar.gz/${cifar10.folder}/${name}`))
  expect(test.bytes).toEqual(files[5].bytes)
  expect(read).toBe(archive.length)
})

it('names archive and offset when it is cut short or damaged', async () => {
  const archive = await officialArchive(cifar10, files)
  await expect(unpack(archive.slice(0, 700))).rejects.toThrow(/a\.tar\.gz: damaged or cut short: .*byte 700/)
  await expect(unpack(new Uint8Array(3_000).fill(7))).rejects.toThrow(/a\.tar\.gz: damaged/)
})

it('names what is missing', async () => {
  await expect(unpack(await officialArchive(cifar10, files.slice(0, 5)))).rejects.toThrow(
    /no test_batch\.bin inside .*cifar-10-binary\.tar\.gz, is needed/,
  )
  await expect(unpack(await officialArchive(cifar10, files), cifar100)).rejects.toThrow(/no train\.bin inside/)
})

it('compares size and checksum', () => {
  expect(() => checkArchive(cifar10, 'a.tar.gz', 100, '')).toThrow(
    /a\.tar\.gz: 100 bytes, .*170052171: cut short at byte 100.*--skip-checksum/,
  )
  expect(() => checkArchive(cifar10, 'a.tar.gz', cifar10.archive.bytes, 'ff')).toThrow(/sha256 .* is ff, expected c4a38c50/)
  expect(() => checkArchive(cifar10, 'a.tar.gz', cifar10.archive.bytes, cifar10.archive.sha256)).not.toThrow()
})
