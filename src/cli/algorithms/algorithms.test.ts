import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { algorithms, chooseBackend, findAlgorithm, openBackend } from '../../engine/index.ts'
import { projectFolder } from '../paths.ts'
import { computedBytes, measuredBytes } from './bytes.ts'

it.each(['d-sum', 'gt-dsum', 'pr-sgd-m', 'dmsgd', 'gmc', 'choco-sgd'])(
  '%s sends what its formula says; sparse positions cost less than 4 bytes each',
  async (id) => {
    const backend = await openBackend(await chooseBackend('cpu'))
    const definition = findAlgorithm(id)
    if (!definition) throw new Error(`no algorithm ${id}`)
    const [measured, { bytes }] = [await measuredBytes(definition, backend), computedBytes(id)]
    if (definition.compressors === 0) expect(measured).toBe(bytes)
    else {
      // 4 bytes of value and log2(e d / k) bits of position are the least.
      expect(measured).toBeLessThan(bytes * 0.65)
      expect(measured).toBeGreaterThan(bytes * 0.5)
    }
  },
)

it('docs/algorithms.md has a section for each algorithm, with what it sends', async () => {
  const page = await readFile(path.join(projectFolder, 'docs/algorithms.md'), 'utf8')
  for (const { id, title, whatIsSent } of algorithms) {
    expect(page).toContain(`## ${title}: \`${id}\``)
    expect(page).toContain(whatIsSent)
    expect(page).toContain(computedBytes(id).formula)
  }
})
