import { Argument, Command } from 'commander'
import { parseOneOf } from '../choices.ts'
import { completionScript, type Shell, shells } from '../completion/index.ts'
import { labScript } from '../paths.ts'

/** `lab completion SHELL`: the script to source. */
export function completionCommand(): Command {
  return new Command('completion')
    .description('Print a script that gives your shell the command lab, and completes its commands, options and their values')
    .addArgument(new Argument('<shell>', 'which').choices(shells).argParser(parseOneOf(shells)))
    .addHelpText('after', installation())
    .action((shell: Shell, _, { parent }: Command) => {
      if (parent) process.stdout.write(completionScript(shell, parent, labScript))
    })
}

/** The script is made from the lab as it is; who sources a saved one makes it again after an update. */
function installation(): string {
  const script = `node '${labScript}' completion`
  return `
It takes effect where it is sourced. To have it in every new shell, add a line:
  bash, to ~/.bashrc:                    eval "$(${script} bash)"
  zsh, to ~/.zshrc:                      eval "$(${script} zsh)"
  fish, to ~/.config/fish/config.fish:   ${script} fish | source
The line takes about a second. A file with its output is sourced at once, but has to be written again after an update of the lab.`
}
