import { describeRange, type FieldSpec } from '../engine/index.ts'
import { algorithmFields, isHyperparameter, usageOf } from './flag-names.ts'

/** More algorithms than these are not named one by one in the help of what they share. */
const MOST_NAMED = 8

/** The heading of the help under which a field's flag stands. */
export function groupOf(field: FieldSpec): string {
  return isHyperparameter(field) ? 'Hyperparameters of algorithms:' : 'The run:'
}

/** The schema's sentence, the range, and for a hyperparameter whose it is. Choices and default are written by the help itself. */
export function helpOf(field: FieldSpec): string {
  const users = usersOf(field).map(([id]) => id)
  const whose =
    users.length > MOST_NAMED ? 'in most algorithms (lab algorithms ID says which)' : users.length > 0 ? `in ${users.join(', ')}` : ''
  return [field.help, rangeOf(field), whose].filter(Boolean).join('; ')
}

/** `0.5; in def-a 0.3` */
export function defaultOf(field: FieldSpec): string {
  const others = usersOf(field).filter(([, own]) => own.initial !== field.initial)
  return [field.initial, ...others.map(([id, own]) => `in ${id} ${own.initial}`)].join('; ')
}

/** The flags of an algorithm's hyperparameters, each with its help. */
export function hyperparameterHelp(id: string): [usage: string, help: string][] {
  return (algorithmFields()[id] ?? []).map((field) => {
    const choices = field.kind === 'choice' ? field.options.join(', ') : rangeOf(field)
    return [usageOf(field), `${[field.help, choices].filter(Boolean).join('; ')} (default ${field.initial})`]
  })
}

const rangeOf = (field: FieldSpec) => (field.kind === 'number' ? describeRange(field) : '')

/** The algorithms that have a hyperparameter, each with its own form of it; none for other fields. */
function usersOf({ path }: FieldSpec): [id: string, own: FieldSpec][] {
  if (!isHyperparameter({ path })) return []
  return Object.entries(algorithmFields()).flatMap(([id, fields]) => {
    const own = fields.find((field) => field.path === path)
    return own ? [[id, own] as [string, FieldSpec]] : []
  })
}
