import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { algorithms, modelNames } from '../../engine/index.ts'
import { labProgram } from '../program.ts'
import { completionScript, shells } from './index.ts'
import { completionWords } from './words.ts'

const program = labProgram()
const isThere = (shell: string) => spawnSync(shell, ['--version']).status === 0

let folder: string
const fileOf = (shell: string) => path.join(folder, `lab.${shell}`)
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tabswarm's completion-"))
  for (const shell of shells) writeFileSync(fileOf(shell), completionScript(shell, program, "/a user's/lab.mjs"))
  writeFileSync(path.join(folder, 'a case.json'), '')
})
afterAll(() => rmSync(folder, { recursive: true }))

it('knows every command, and what each option takes', () => {
  const words = completionWords(program)
  expect(words.map((command) => command.path.join(' '))).toContain('bench engine')
  const simulate = words.find((command) => command.path.join(' ') === 'simulate')
  const valuesOf = (flag: string) => simulate?.options.find((option) => option.flag === flag)?.values
  expect(valuesOf('--algorithm')).toEqual({ kind: 'names', names: algorithms.map(({ id }) => id) })
  expect(valuesOf('--out')).toEqual({ kind: 'files' })
  expect(valuesOf('--workers')).toEqual({ kind: 'other' })
  expect(valuesOf('--json')).toBeNull()
})

describe.skipIf(!isThere('bash'))('in bash', () => {
  /** What the shell offers for the last word; `=` is a word of its own there. */
  function offered(...words: string[]): string[] {
    const script = `source "$1"; shift; COMP_WORDS=(lab "$@"); COMP_CWORD=$#; _lab; printf '%s\\n' "\${COMPREPLY[@]}"`
    const lines = execFileSync('bash', ['-c', script, 'bash', fileOf('bash'), ...words], { cwd: folder, encoding: 'utf8' })
    return lines.split('\n').filter((line) => line !== '')
  }

  it.each([
    [['sim'], ['simulate']],
    [['simulate', '--mod'], ['--model']],
    [['simulate', '--model', ''], [...modelNames]],
    [
      ['simulate', '--model', '=', 'vi'],
      ['vit', 'vit-sl'],
    ],
    [['run', '--model', '='], [...modelNames]],
    [
      ['simulate', '--augment', ''],
      ['true', 'false'],
    ],
    [['simulate', '--augment', '--alp'], ['--alpha']],
    [['simulate', '--workers', ''], []],
    [['simulate', '--nonsense', ''], []],
    [
      ['bench', ''],
      ['compressors', 'engine', 'kernels'],
    ],
    [
      ['bench', 'kernels', '--engine', ''],
      ['wgsl', 'simd'],
    ],
    [
      ['bench', 'engine', '--models', 'cnn,vit'],
      ['cnn,vit', 'cnn,vit-sl'],
    ],
    [
      ['datasets', ''],
      ['cifar10', 'cifar100'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['algorithms', 'dg'], ['dgc']],
    [['verify', 'a'], ['a case.json']],
    [['simulate', '--out', 'lab.b'], ['lab.bash']],
  ])('%j: %j', (words, candidates) => {
    expect(offered(...words)).toEqual(candidates)
  })

  it('the command lab starts the lab, wherever that is', () => {
    const script = 'node() { printf "%s|" "$@"; }; source "$1"; lab simulate --out "a b"'
    expect(execFileSync('bash', ['-c', script, 'bash', fileOf('bash')], { encoding: 'utf8' })).toBe("/a user's/lab.mjs|simulate|--out|a b|")
  })
})

describe.skipIf(!isThere('zsh'))('in zsh', () => {
  it('is free of syntax errors', () => {
    expect(spawnSync('zsh', ['-n', fileOf('zsh')], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  })
})

describe.skipIf(!isThere('fish'))('in fish', () => {
  const offered = (line: string) =>
    execFileSync('fish', ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', fileOf('fish'), line], { encoding: 'utf8' })
      .split('\n')
      .map((candidate) => candidate.split('\t')[0])
      .filter((candidate) => candidate !== '')

  it.each([
    ['lab sim', ['simulate']],
    ['lab simulate --model vi', ['vit', 'vit-sl']],
    ['lab bench ', ['compressors', 'engine', 'kernels']],
    ['lab bench engine --models cnn,vit', ['cnn,vit', 'cnn,vit-sl']],
  ])('%s: %j', (line, candidates) => {
    expect(offered(line)).toEqual(candidates)
  })
})
