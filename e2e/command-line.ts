import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import type { RunSummary } from '../src/cluster/index.ts'
import type { RunConfigInput } from '../src/engine/index.ts'

export const root = path.resolve(import.meta.dirname, '..')

interface Ended {
  code: number | null
  output: string
  errors: string
}

/** Runs the command line as a user would. */
export const runLab = (...args: string[]): Promise<Ended> => startLab(args).ended

/** @param onErrors is told all that came on the error stream so far */
export function startLab(args: string[], onErrors: (errors: string) => void = () => {}): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, ['scripts/lab.mjs', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
    onErrors(errors)
  })
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, output, errors })))
  return { child, ended }
}

/** `lab simulate` with the plain fields of a configuration as flags, and more flags. Rejects with what it says when it fails. */
export async function simulate(config: RunConfigInput, flags: string, out: string): Promise<RunSummary> {
  const plain = Object.entries(config).filter(([, value]) => typeof value !== 'object')
  const shared = plain.flatMap(([name, value]) => [`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, String(value)])
  const { code, output, errors } = await runLab('simulate', ...shared, ...flags.split(' '), '--json', '--out', out)
  if (code !== 0) throw new Error(errors)
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '')
}
