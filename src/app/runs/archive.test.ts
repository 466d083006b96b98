import { expect, it } from 'vitest'
import { parseRunConfig } from '../../engine/index.ts'
import { type ArchivedRun, beyondLimits, memoryArchive } from './archive.ts'

const archived = (id: string, endedAtMs: number, packedBytes = 10): ArchivedRun => ({
  id,
  name: id,
  end: 'finished',
  message: '',
  endedAtMs,
  simulated: true,
  config: parseRunConfig({}),
  seats: [],
  backends: [],
  shards: null,
  spectralGap: null,
  parameters: null,
  figures: { steps: 1, seconds: 1, accuracy: null, sentBytes: 0 },
  packedBytes,
})

it('has room for the newest runs: so many, and so many bytes, and for the newest whatever its size', () => {
  const runs = ['e', 'd', 'c', 'b', 'a'].map((id, i) => archived(id, 5 - i))
  const dropped = (limits: { runs: number; bytes: number }) => beyondLimits(runs, limits).map(({ id }) => id)
  expect(dropped({ runs: 5, bytes: 50 })).toEqual([])
  expect(dropped({ runs: 3, bytes: 50 })).toEqual(['b', 'a'])
  expect(dropped({ runs: 5, bytes: 45 })).toEqual(['a'])
  expect(dropped({ runs: 5, bytes: 5 })).toEqual(['d', 'c', 'b', 'a'])
})

it('keeps, lists newest first, renames and removes, where the browser refuses too', async () => {
  const archive = memoryArchive()
  const files = { metrics: new Blob(['x']), insight: null }
  await archive.put(archived('old', 1), files)
  await archive.put(archived('new', 2), files)
  await archive.rename('old', 'my run')
  expect((await archive.list()).map(({ name }) => name)).toEqual(['new', 'my run'])
  expect(await archive.files('old')).toEqual(files)
  await archive.remove('old')
  expect(await archive.files('old')).toBeUndefined()
  expect((await archive.list()).map(({ id }) => id)).toEqual(['new'])
})
