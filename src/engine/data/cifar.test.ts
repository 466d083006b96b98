import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { officialBytes, officialPixel } from './cifar.fixture.ts'
import { checkRecords, convertPicture } from './cifar.ts'
import { cifarFormatOfArchive, cifarFormats } from './cifar-formats.ts'
import { IMAGE_BYTES } from './dataset.ts'
import { preparedFileBytes } from './manifest.ts'
import { prepareCifar } from './prepare.ts'

const { cifar10, cifar100 } = cifarFormats

describe('checkRecords', () => {
  it('counts whole records', () => {
    expect(checkRecords(cifar10, { name: 'a.bin', bytes: officialBytes(cifar10, [1, 9, 0]) }, 3)).toBe(3)
    expect(checkRecords(cifar100, { name: 'a.bin', bytes: officialBytes(cifar100, [99, 0]) }, null)).toBe(2)
  })

  it('names file and offset of what is wrong', () => {
    const bytes = officialBytes(cifar10, [1, 2, 3])
    expect(() => checkRecords(cifar10, { name: 'x/a.bin', bytes: bytes.subarray(0, 7_000) }, 3)).toThrow(
      /x\/a\.bin: .*cut short at byte 7000/,
    )
    expect(() => checkRecords(cifar10, { name: 'a.bin', bytes }, 2)).toThrow(/more follows at byte 6146/)
    expect(() => checkRecords(cifar10, { name: 'a.bin', bytes: bytes.subarray(0, 7_000) }, null)).toThrow(
      /ends inside record 2, which begins at byte 6146/,
    )
    expect(() => checkRecords(cifar100, { name: 'a.bin', bytes }, null)).toThrow(/records are 3074 bytes/)
    expect(() => checkRecords(cifar10, { name: 'a.bin', bytes: new Uint8Array() }, null)).toThrow(/empty/)
    expect(() => checkRecords(cifar10, { name: 'a.bin', bytes: officialBytes(cifar10, [1, 2, 10]) }, 3)).toThrow(
      /label 10 at byte 6146 \(record 2\).*0 to 9/,
    )
    const coarse = officialBytes(cifar100, [1, 2])
    coarse[3_074] = 20
    expect(() => checkRecords(cifar100, { name: 'a.bin', bytes: coarse }, 2)).toThrow(/label 20 at byte 3074 .*0 to 19/)
  })
})

it('converts planes to height, width, channel order', () => {
  const target = new Uint8Array(2 * IMAGE_BYTES)
  convertPicture(cifar100, { name: 'a.bin', bytes: officialBytes(cifar100, [5, 6]) }, 1, target, IMAGE_BYTES)
  expect(target.subarray(0, IMAGE_BYTES).every((byte) => byte === 0)).toBe(true)
  for (const pixel of [0, 1, 33, 1023])
    for (const plane of [0, 1, 2]) expect(target[IMAGE_BYTES + pixel * 3 + plane]).toBe(officialPixel(1, plane, pixel))
})

describe('prepareCifar', () => {
  it('sorts by class and keeps the original order within each, for any labels', async () => {
    const labels = fc.array(fc.nat(9), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(fc.array(labels, { minLength: 1, maxLength: 3 }), labels, async (train, test) => {
        const { manifest, files } = await prepareCifar(
          cifar10,
          {
            train: train.map((part, index) => ({ name: `${index}.bin`, bytes: officialBytes(cifar10, part) })),
            test: { name: 'test.bin', bytes: officialBytes(cifar10, test) },
          },
          { partial: true, source: 'fixture' },
        )
        const original = train.flatMap((part) => part.map((label, record) => ({ label, record })))
        const order = original.map((_, index) => index).sort((a, b) => original[a].label - original[b].label || a - b)
        expect(Array.from(new Uint32Array(files['train-records.bin'].buffer))).toEqual(order)
        expect(manifest.trainClassCounts).toEqual(
          Array.from({ length: 10 }, (_, label) => original.filter((one) => one.label === label).length),
        )
        for (const [position, index] of order.entries())
          expect(files['train.bin'][position * IMAGE_BYTES + 2]).toBe(officialPixel(original[index].record, 2, 0))
        expect(Array.from(files['test-labels.bin'])).toEqual(test)
        for (const [fileName, bytes] of Object.entries(preparedFileBytes(manifest)))
          expect(files[fileName as keyof typeof files].length).toBe(bytes)
      }),
      { numRuns: 30 },
    )
  })

  it('is strict about record counts unless a part is meant, and then says so', async () => {
    const files = {
      train: [{ name: 'train.bin', bytes: officialBytes(cifar100, [1]) }],
      test: { name: 'test.bin', bytes: officialBytes(cifar100, [2]) },
    }
    await expect(prepareCifar(cifar100, files, { partial: false, source: 'x' })).rejects.toThrow(
      /train\.bin: expected 50000 records .*--part/,
    )
    const { manifest } = await prepareCifar(cifar100, files, { partial: true, source: 'x' })
    expect(manifest.source).toBe('x (a part: 1 training and 1 test pictures)')
    expect(manifest.classNames).toHaveLength(100)
  })
})

it('tells an official archive by size or name', () => {
  expect(cifarFormatOfArchive('download (1)', cifar10.archive.bytes)?.name).toBe('cifar10')
  expect(cifarFormatOfArchive('cifar-100-binary.tar.gz', 5)?.name).toBe('cifar100')
  expect(cifarFormatOfArchive('cifar-10-binary (2).tar.gz', 5)?.name).toBe('cifar10')
  expect(cifarFormatOfArchive('holiday.zip', 5)).toBeUndefined()
})
