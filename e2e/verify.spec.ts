import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { runLab } from './command-line.ts'
import { expect, test } from './lab-fixture.ts'

const cases = path.resolve(import.meta.dirname, '../../shared/reference/cases')
const found = existsSync(cases)

/** One case of each algorithm. */
const picked = ['d-sum-ring8-k4', 'gossip-msgd-heavyball-ring8', 'd-psgd-ring8', 'dmsgd-heavyball']

test('lab verify runs reference cases on WebGPU, in Chromium behind the same command', async () => {
  test.skip(!found, '../shared/reference is missing')
  const files = picked.map((name) => path.join(cases, `${name}.json`))
  const { code, output, errors } = await runLab('verify', '--backend', 'webgpu', ...files)
  expect(code, errors).toBe(0)
  expect(errors).toContain('backend: WebGPU on')
  expect(output.match(/^passed /gm)).toHaveLength(picked.length)
})

test('lab verify fails for what is not implemented, and names a file that is no case', async () => {
  test.skip(!found, '../shared/reference is missing')
  const manifest = path.join(cases, '../models/vit-seed1/manifest.json')
  const unknown = await runLab('verify', manifest)
  expect(unknown.code).toBe(1)
  expect(unknown.output).toContain('not implemented  vit-seed1: model vit')
  const wrong = await runLab('verify', path.join(cases, readdirSync(cases).find((name) => name.endsWith('.py')) ?? ''))
  expect(wrong.code).toBe(1)
  expect(wrong.errors).toMatch(/check\.py: not JSON/)
})
