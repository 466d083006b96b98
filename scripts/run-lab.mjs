// Runs the command line of the lab in this process, so that signals and exit codes need no forwarding.
import { fileURLToPath } from 'node:url'

/** @param {string[]} args command and flags of `lab` */
export async function runLab(args) {
  const { register } = await import('tsx/esm/api')
  register()
  const main = new URL('../src/cli/main.ts', import.meta.url)
  process.argv = [process.argv[0], fileURLToPath(main), ...args]
  await import(main.href)
}
