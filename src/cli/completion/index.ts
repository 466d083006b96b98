import type { Command } from 'commander'
import { bashCompletion } from './bash.ts'
import { fishCompletion } from './fish.ts'
import { completionWords } from './words.ts'
import { zshCompletion } from './zsh.ts'

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }

export type Shell = keyof typeof scripts
export const shells = Object.keys(scripts) as Shell[]

/**
 * A script for the shell: the command `lab`, and the completion of its commands, options and choices.
 * @param script path of the module that starts the lab
 */
export function completionScript(shell: Shell, program: Command, script: string): string {
  const path = shell === 'fish' ? script.replace(/['\\]/g, '\\$&') : script.replaceAll("'", "'\\''")
  return scripts[shell](completionWords(program), `node '${path}'`)
}
