import type { CommandWords, Values } from './words.ts'

/** @param start the shell's words that start the lab */
export function fishCompletion(commands: CommandWords[], start: string): string {
  return `# Completion of lab for fish, made by: lab completion fish
function lab; ${start} $argv; end

complete -c lab -e
complete -c lab -f
${commands.flatMap(linesOf).join('\n')}
`
}

function linesOf(command: CommandWords): string[] {
  const { commands, options, argument } = command
  const where = `complete -c lab -n ${quoted(conditionOf(command))}`
  return [
    ...commands.map(({ name, summary }) => `${where} -a ${name} -d ${quoted(summary)}`),
    ...options.map(({ flag, summary, values }) =>
      [`${where} -l ${flag.slice(2)}`, ...(values ? [optionValues(values)] : []), `-d ${quoted(summary)}`].join(' '),
    ),
    ...(argument ? [`${where} ${argument.kind === 'files' ? '-F' : `-a ${candidates(argument)}`}`] : []),
  ]
}

/** That the words so far are those of the command's path, and of none below it. */
function conditionOf({ path, commands }: CommandWords): string {
  if (path.length === 0) return '__fish_use_subcommand'
  const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`)
  const below = commands.map(({ name }) => name).join(' ')
  return [...seen, ...(below ? [`not __fish_seen_subcommand_from ${below}`] : [])].join('; and ')
}

const optionValues = (values: Values) => (values.kind === 'files' ? '-r -F' : `-x -a ${candidates(values)}`)

function candidates(values: Values): string {
  switch (values.kind) {
    case 'names':
      return quoted(values.names.join(' '))
    case 'list':
      return quoted(`(__fish_complete_list , 'string split " " "${values.names.join(' ')}"')`)
    case 'files':
    case 'other':
      return "''"
    default:
      values satisfies never
      throw new Error('unreachable')
  }
}

const quoted = (text: string) => `'${text.replace(/['\\]/g, '\\$&')}'`
