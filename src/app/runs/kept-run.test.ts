import { expect, it } from 'vitest'
import { parseRunConfig, type RunConfigInput } from '../../engine/index.ts'
import { runTitle } from './kept-run.ts'

it('names the topology of a run only where vectors have travelled along it', () => {
  const titleOf = (config: RunConfigInput) => runTitle(parseRunConfig(config))
  expect(titleOf({})).toBe('D-SUM, ring, 4 workers, Shapes-10, α 0.5')
  expect(titleOf({ workers: 1 })).toBe('D-SUM, 1 worker, Shapes-10, α 0.5')
  expect(titleOf({ algorithm: { id: 'gmc' }, partition: 'iid' })).toBe('GMC, 4 workers, Shapes-10, IID')
  expect(titleOf({ algorithm: { id: 'local' } })).toBe('Local only, 4 workers, Shapes-10, α 0.5')
})
