import type { Argument, Command, Option } from 'commander'

/** What may stand behind an option or as an argument. */
export type Values =
  | { kind: 'names'; names: readonly string[] }
  /** names with commas between them */
  | { kind: 'list'; names: readonly string[] }
  | { kind: 'files' }
  /** nothing that could be guessed, such as a number */
  | { kind: 'other' }

export interface OptionWords {
  /** `--model` */
  flag: string
  summary: string
  /** null: takes no value */
  values: Values | null
}

/** The words that may follow a command. */
export interface CommandWords {
  /** `['bench', 'engine']`; empty for `lab` itself */
  path: string[]
  commands: { name: string; summary: string }[]
  options: OptionWords[]
  /** of the arguments; null where there are none */
  argument: Values | null
}

/** A command and all under it, itself first, from the definitions that parse the command line. */
export function completionWords(command: Command, path: string[] = []): CommandWords[] {
  const own: CommandWords = {
    path,
    commands: command.commands.map((one) => ({ name: one.name(), summary: summaryOf(one.description()) })),
    options: command
      .createHelp()
      .visibleOptions(command)
      .flatMap(({ long }, i, all) => (long ? [{ flag: long, summary: summaryOf(all[i].description), values: valuesOf(all[i]) }] : [])),
    argument:
      command.registeredArguments.length > 0 ? valuesBehind(command.registeredArguments[0], command.registeredArguments[0].name()) : null,
  }
  return [own, ...command.commands.flatMap((one) => completionWords(one, [...path, one.name()]))]
}

function valuesOf(option: Option): Values | null {
  return option.required || option.optional ? valuesBehind(option, option.flags) : null
}

/** @param usage says in words what is taken: `--out <folder>` */
function valuesBehind({ argChoices }: Option | Argument, usage: string): Values {
  if (argChoices) return { kind: usage.includes('<list>') ? 'list' : 'names', names: argChoices }
  return { kind: /file|folder/.test(usage) ? 'files' : 'other' }
}

/** The beginning of a description, as much as fits beside a candidate. */
const summaryOf = (description: string) => description.split(/[;:.]( |$)/)[0]
