import { spawn } from 'node:child_process'
import path from 'node:path'
import type { RunSummary } from '../src/cluster/index.ts'
import type { RunConfigInput } from '../src/engine/index.ts'

export const root = path.resolve(import.meta.dirname, '..')

/** Runs the command line as a user would. */
export async function runLab(...args: string[]): Promise<{ code: number | null; output: string; errors: string }> {
  const child = spawn(process.execPath, ['scripts/lab.mjs', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, output, errors }
}

/** `lab simulate` with the plain fields of a configuration as flags, and more flags. Rejects with what it says when it fails. */
export async function simulate(config: RunConfigInput, flags: string, out: string): Promise<RunSummary> {
  const plain = Object.entries(config).filter(([, value]) => typeof value !== 'object')
  const shared = plain.flatMap(([name, value]) => [`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, String(value)])
  const { code, output, errors } = await runLab('simulate', ...shared, ...flags.split(' '), '--json', '--out', out)
  if (code !== 0) throw new Error(errors)
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '')
}
