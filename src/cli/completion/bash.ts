import type { CommandWords, Values } from './words.ts'

/** Also for bash 3.2, which macOS has. @param start the shell's words that start the lab */
export function bashCompletion(commands: CommandWords[], start: string): string {
  const below = commands.filter(({ path }) => path.length > 0).map(placeOf)
  return `# Completion of lab for bash, made by: lab completion bash
lab() { ${start} "$@"; }

_lab() {
  local at='' word cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
  # --flag=value comes as three words.
  [[ $prev == = ]] && prev=\${COMP_WORDS[COMP_CWORD - 2]}
  [[ $cur == = ]] && cur=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    case "$at/$word" in ${below.join(' | ')}) at="$at/$word" ;; esac
  done
  COMPREPLY=()
  if [[ $cur != -* ]]; then
    case "$at $prev" in
${valueCases(commands)}
    esac
  fi
  case "$at" in
${commands.map(ownCase).join('\n')}
  esac
}

_lab_names() {
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

_lab_list() {
  local before=''
  [[ $cur == *,* ]] && before="\${cur%,*},"
  COMPREPLY=($(compgen -P "$before" -W "$1" -- "\${cur##*,}"))
  compopt -o nospace 2>/dev/null
}

_lab_files() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -f -- "$cur"))
}

complete -o filenames -F _lab lab
`
}

const placeOf = ({ path }: CommandWords) => path.map((name) => `/${name}`).join('')

/** What follows an option, one case for all options that take the same. */
function valueCases(commands: CommandWords[]): string {
  const placesByAction = new Map<string, string[]>()
  for (const command of commands)
    for (const { flag, values } of command.options)
      if (values) {
        const action = actionOf(values)
        placesByAction.set(action, [...(placesByAction.get(action) ?? []), `'${placeOf(command)} ${flag}'`])
      }
  return [...placesByAction].map(([action, places]) => `      ${places.join(' | ')}) ${action}; return ;;`).join('\n')
}

/** What follows a command. */
function ownCase(command: CommandWords): string {
  const { commands, options, argument } = command
  const flags = options.map(({ flag }) => flag).join(' ')
  const names = argument?.kind === 'names' ? argument.names : commands.map(({ name }) => name)
  const other = argument?.kind === 'files' ? '_lab_files' : `_lab_names '${names.join(' ')}'`
  return `    '${placeOf(command)}') if [[ $cur == -* ]]; then _lab_names '${flags}'; else ${other}; fi ;;`
}

function actionOf(values: Values): string {
  switch (values.kind) {
    case 'names':
      return `_lab_names '${values.names.join(' ')}'`
    case 'list':
      return `_lab_list '${values.names.join(' ')}'`
    case 'files':
      return '_lab_files'
    case 'other':
      return ':'
    default:
      values satisfies never
      throw new Error('unreachable')
  }
}
