import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { runLab } from './command-line.ts'
import { expect, test } from './lab-fixture.ts'

const cases = path.resolve(import.meta.dirname, '../../shared/reference/cases')
const found = existsSync(cases)

interface Case {
  id: string
  file: string
  algorithm: string
  /** numbers that all workers update in all steps */
  size: number
}

/** The smallest case of each algorithm that has any. */
function smallestCases(): Case[] {
  const smallest = new Map<string, Case>()
  for (const name of readdirSync(cases).filter((name) => name.endsWith('.json'))) {
    const file = path.join(cases, name)
    const { id, algorithm, workers, dimension, steps } = JSON.parse(readFileSync(file, 'utf8'))
    const found = { id, file, algorithm: algorithm.id, size: workers * dimension * steps }
    if (found.size < (smallest.get(found.algorithm)?.size ?? Number.POSITIVE_INFINITY)) smallest.set(found.algorithm, found)
  }
  return [...smallest.values()]
}

test('lab verify reproduces a reference case of each algorithm on WebGPU, in Chromium behind the same command', async () => {
  test.skip(!found, '../shared/reference is missing')
  const picked = smallestCases()
  const { code, output, errors } = await runLab('verify', '--backend', 'webgpu', ...picked.map(({ file }) => file))
  expect(code, output + errors).toBe(0)
  expect(errors).toContain('backend: webgpu on')
  const passed = [...output.matchAll(/^passed {2}([^:]+):/gm)].map(([, id]) => id)
  expect(passed).toEqual(picked.map(({ id }) => id))
})

test('lab verify fails for what is not implemented, and names a file that is no case', async () => {
  test.skip(!found, '../shared/reference is missing')
  const folder = test.info().outputPath('unknown')
  cpSync(path.join(cases, '../models/resnet20-gn-seed1'), folder, { recursive: true })
  // The reference may be read-only, and its copy with it.
  chmodSync(folder, 0o755)
  const manifest = path.join(folder, 'manifest.json')
  const text = readFileSync(manifest, 'utf8').replace('"resnet20-gn"', '"resnet2000-gn"')
  rmSync(manifest, { force: true })
  writeFileSync(manifest, text)
  const unknown = await runLab('verify', manifest)
  expect(unknown.code).toBe(1)
  expect(unknown.output).toContain('not implemented  resnet2000-gn-seed1: model resnet2000-gn')
  const wrong = await runLab('verify', path.join(cases, readdirSync(cases).find((name) => name.endsWith('.py')) ?? ''))
  expect(wrong.code).toBe(1)
  expect(wrong.errors).toMatch(/check\.py: not JSON/)
})
