import type { CommandWords, OptionWords, Values } from './words.ts'

/** @param start the shell's words that start the lab */
export function zshCompletion(commands: CommandWords[], start: string): string {
  return `# Completion of lab for zsh, made by: lab completion zsh
lab() { ${start} "$@" }

${commands.map(functionOf).join('\n\n')}

(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _lab lab
`
}

const nameOf = (path: string[]) => ['_lab', ...path].join('_')

function functionOf({ path, commands, options, argument }: CommandWords): string {
  const specs = options.map(optionSpec)
  if (commands.length === 0) {
    if (argument) specs.push(quoted(`*:${argument.kind === 'files' ? 'file' : 'name'}:${actionOf(argument)}`))
    return `${nameOf(path)}() {\n  _arguments \\\n    ${specs.join(' \\\n    ')}\n}`
  }
  const described = commands.map(({ name, summary }) => quoted(`${name}:${summary}`))
  const cases = commands.map(({ name }) => `${name}) ${nameOf([...path, name])} ;;`)
  return `${nameOf(path)}() {
  local curcontext="$curcontext" state state_descr line
  typeset -A opt_args
  _arguments -C \\
    ${[...specs, "'1: :->command'", "'*:: :->rest'"].join(' \\\n    ')}
  case $state in
    command)
      local -a commands=(
        ${described.join('\n        ')}
      )
      _describe command commands ;;
    rest)
      case $words[1] in
        ${cases.join('\n        ')}
      esac ;;
  esac
}`
}

function optionSpec({ flag, summary, values }: OptionWords): string {
  const explained = `[${summary.replace(/[[\]\\]/g, '\\$&')}]`
  return quoted(values ? `${flag}=${explained}:value:${actionOf(values)}` : `${flag}${explained}`)
}

function actionOf(values: Values): string {
  switch (values.kind) {
    case 'names':
      return `(${values.names.join(' ')})`
    case 'list':
      return `_values -s , name ${values.names.join(' ')}`
    case 'files':
      return '_files'
    case 'other':
      return ' '
    default:
      values satisfies never
      throw new Error('unreachable')
  }
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
