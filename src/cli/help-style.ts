import type { Argument, Command, HelpConfiguration, Option } from 'commander'

/** Help says what may be chosen and what is taken otherwise in the same words as errors and the form. */
const helpStyle: HelpConfiguration = {
  minWidthToWrap: 20,
  optionDescription: withChoices,
  argumentDescription: withChoices,
}

function withChoices({ description, argChoices, defaultValue, defaultValueDescription }: Option | Argument): string {
  const choices = argChoices ? `: ${argChoices.join(', ')}` : ''
  const initial = defaultValueDescription ?? (typeof defaultValue === 'boolean' ? undefined : defaultValue)
  return `${description}${choices}${initial === undefined ? '' : ` (default ${initial})`}`
}

/** Gives a command and all under it one manner of help and errors. */
export function styled(command: Command): Command {
  for (const one of command.commands) styled(one)
  const names = command.commands.map((one) => one.name()).join(', ')
  return command.configureHelp(helpStyle).showHelpAfterError(`${names ? `commands: ${names} ` : ''}(--help says more)`)
}
