import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { officialArchive, officialFiles } from '../../engine/data/cifar.fixture.ts'
import { cifarFormats } from '../../engine/index.ts'
import { projectFolder } from '../paths.ts'
import { findLocalSource, findUsualSource, openFileDataset, prepareDataset } from './index.ts'

const { cifar10, cifar100 } = cifarFormats
const shared = path.resolve(projectFolder, '../shared/datasets')
let folder: string
let root: string

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tabswarm-'))
  root = path.join(folder, 'prepared')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

async function writeOfficial(name: string, format = cifar10, perFile = 6): Promise<string> {
  const place = path.join(folder, name)
  await mkdir(place, { recursive: true })
  for (const file of officialFiles(format, perFile)) await writeFile(path.join(place, file.name), file.bytes)
  return place
}

const leftBehind = () => readdir(root).catch(() => [])

describe('prepareDataset', () => {
  it('prepares a part, and the result opens', async () => {
    const source = await findLocalSource(cifar10, await writeOfficial('cifar-10-batches-bin-part'))
    const stages: string[] = []
    await prepareDataset(cifar10, { root, source, onProgress: ({ stage }) => stages.push(stage) })
    expect(await leftBehind()).toEqual(['cifar10'])
    expect(stages.at(-1)).toBe('store')
    const dataset = await openFileDataset(root, 'cifar10')
    expect(dataset.manifest.source).toBe('local copy cifar-10-batches-bin-part (a part: 30 training and 6 test pictures)')
    const all = await readFile(path.join(root, 'cifar10/train.bin'))
    expect(Buffer.from(await dataset.trainImages(7, 2)).equals(all.subarray(7 * 3_072, 9 * 3_072))).toBe(true)
    expect((await dataset.trainRecords()).length).toBe(30)
    await expect(dataset.testImages(7)).rejects.toThrow(/there are 6/)

    await truncate(path.join(root, 'cifar10/train.bin'), 1_000)
    await expect(dataset.trainImages(0, 1)).rejects.toThrow(/train\.bin: 1000 bytes, expected 92160/)
    await expect(openFileDataset(root, 'cifar100')).rejects.toThrow(/npm run lab -- datasets cifar100/)
  })

  it('replaces an older one, and takes a part from a folder of another name only when told', async () => {
    const place = await writeOfficial('elsewhere', cifar100, 5)
    await expect(prepareDataset(cifar100, { root, source: await findLocalSource(cifar100, place) })).rejects.toThrow(
      /train\.bin: expected 50000 records/,
    )
    await prepareDataset(cifar100, { root, source: await findLocalSource(cifar100, place, true) })
    await writeOfficial('elsewhere', cifar100, 9)
    await prepareDataset(cifar100, { root, source: await findLocalSource(cifar100, place, true) })
    expect((await openFileDataset(root, 'cifar100')).manifest.testRecords).toBe(9)
  })

  it('leaves nothing behind when a file is cut short, and keeps the older one', async () => {
    const place = await writeOfficial('cifar-10-batches-bin-part')
    const source = await findLocalSource(cifar10, place)
    await prepareDataset(cifar10, { root, source })
    await truncate(path.join(place, 'data_batch_3.bin'), 5_000)
    await expect(prepareDataset(cifar10, { root, source })).rejects.toThrow(
      /data_batch_3\.bin: .*ends inside record 1, which begins at byte 3073/,
    )
    await rm(path.join(place, 'test_batch.bin'))
    await expect(prepareDataset(cifar10, { root, source })).rejects.toThrow(/test_batch\.bin: cannot be read/)
    expect(await leftBehind()).toEqual(['cifar10'])
  })

  it('leaves nothing behind when interrupted', async () => {
    const source = await findLocalSource(cifar10, await writeOfficial('cifar-10-batches-bin-part', cifar10, 400))
    const controller = new AbortController()
    const preparing = prepareDataset(cifar10, {
      root,
      source,
      signal: controller.signal,
      onProgress: ({ stage }) => stage === 'store' && controller.abort(),
    })
    await expect(preparing).rejects.toThrow(/abort/i)
    expect(await leftBehind()).toEqual([])
  })

  it('clears away what a killed preparer left', async () => {
    const source = await findLocalSource(cifar10, await writeOfficial('cifar-10-batches-bin-part'))
    await mkdir(path.join(root, '.cifar10-preparing-999999999'), { recursive: true })
    await prepareDataset(cifar10, { root, source })
    expect(await leftBehind()).toEqual(['cifar10'])
  })

  it('checks an archive, unless told not to', async () => {
    const archive = path.join(folder, 'cifar-10-binary.tar.gz')
    await writeFile(archive, await officialArchive(cifar10, officialFiles(cifar10, 3)))
    const source = await findLocalSource(cifar10, folder, true)
    expect(source).toEqual({ kind: 'archive', path: archive, partial: true })
    await expect(prepareDataset(cifar10, { root, source })).rejects.toThrow(/cut short at byte \d+.*--skip-checksum/)
    await prepareDataset(cifar10, { root, source, skipChecksum: true })
    expect((await openFileDataset(root, 'cifar10')).manifest.trainClassCounts.reduce((sum, count) => sum + count)).toBe(15)
  })
})

describe('where a copy lies', () => {
  it('finds the folder itself, one inside, a part and an archive', async () => {
    const whole = await writeOfficial('a/cifar-10-batches-bin')
    const part = await writeOfficial('a/cifar-100-binary-part', cifar100)
    expect(await findLocalSource(cifar10, whole)).toEqual({ kind: 'folder', path: whole, partial: false })
    expect(await findLocalSource(cifar10, path.join(folder, 'a'))).toEqual({ kind: 'folder', path: whole, partial: false })
    expect(await findLocalSource(cifar100, path.join(folder, 'a'))).toEqual({ kind: 'folder', path: part, partial: true })
    expect(await findLocalSource(cifar10, part)).toBeNull()
    await expect(findLocalSource(cifar10, path.join(folder, 'nowhere'))).rejects.toThrow(/nowhere: no such file/)
  })

  it('obeys TABSWARM_DATASETS', async () => {
    const whole = await writeOfficial('cifar-10-batches-bin')
    vi.stubEnv('TABSWARM_DATASETS', folder)
    expect((await findUsualSource(cifar10))?.path).toBe(whole)
    vi.stubEnv('TABSWARM_DATASETS', path.join(folder, 'nowhere'))
    await expect(findUsualSource(cifar10)).rejects.toThrow(/TABSWARM_DATASETS names .*nowhere, which does not exist/)
  })
})

describe.skipIf(!existsSync(shared))('the copies beside the checkout', () => {
  it('prepares real CIFAR-10 whole', async () => {
    const source = await findLocalSource(cifar10, shared)
    const manifest = await prepareDataset(cifar10, { root, source })
    expect(manifest.trainClassCounts).toEqual(Array(10).fill(5_000))
    const dataset = await openFileDataset(root, 'cifar10')
    const records = await dataset.trainRecords()
    const official = await readFile(path.join(shared, 'cifar-10-batches-bin/data_batch_2.bin'))
    for (const position of [0, 12_345, 49_999]
      .filter((one) => records[one] >= 10_000 && records[one] < 20_000)
      .concat(records.indexOf(10_007))) {
      const start = (records[position] - 10_000) * 3_073
      expect(Math.floor(position / 5_000)).toBe(official[start])
      const picture = await dataset.trainImages(position, 1)
      for (const pixel of [0, 500, 1_023])
        for (const plane of [0, 1, 2]) expect(picture[3 * pixel + plane]).toBe(official[start + 1 + 1_024 * plane + pixel])
    }
    const sorted = createHash('sha256').update(Uint32Array.from(records).sort()).digest('hex')
    expect(sorted).toBe(
      createHash('sha256')
        .update(Uint32Array.from({ length: 50_000 }, (_, record) => record))
        .digest('hex'),
    )
  })

  it('prepares the part of real CIFAR-100', async () => {
    const manifest = await prepareDataset(cifar100, { root, source: await findLocalSource(cifar100, shared) })
    expect(manifest.source).toContain('a part: 5000 training and 2000 test pictures')
    const names = await readFile(path.join(shared, 'cifar-100-binary-part/fine_label_names.txt'), 'utf8')
    expect(manifest.classNames).toEqual(names.trim().split('\n'))
  })
})
