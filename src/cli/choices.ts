import { InvalidArgumentError, type Option } from 'commander'
import { allowedNames, didYouMean } from '../engine/index.ts'

/** The values that help and completion list for an option; whoever reads it judges what is given. */
export function offering(option: Option, names: readonly string[]): Option {
  return option.choices(names).argParser((text: string) => text)
}

/** An option that takes one of the names, and says what was likely meant by another. */
export function oneOf(option: Option, names: readonly string[]): Option {
  return option.choices(names).argParser(parseOneOf(names))
}

/** An option that takes names with commas between them, without repetitions. */
export function listOf(option: Option, names: readonly string[]): Option {
  return option.choices(names).argParser((text: string) => {
    const given = [...new Set(text.split(','))]
    const unknown = given.find((name) => !names.includes(name))
    if (unknown === undefined) return given
    throw new InvalidArgumentError(`got "${unknown}"; allowed, with commas: ${names.join(', ')}${didYouMean(unknown, names)}`)
  })
}

/** The parser of an option or argument that is one of the names. */
export function parseOneOf(names: readonly string[]): (text: string) => string {
  return (text) => {
    if (!names.includes(text)) throw new InvalidArgumentError(allowedNames(text, names))
    return text
  }
}
