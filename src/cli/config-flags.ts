import { type Command, Option } from 'commander'
import {
  activeFields,
  allFields,
  ConfigError,
  DEFAULT_ALGORITHM,
  type Draft,
  describeRange,
  type FieldSpec,
  parseRunConfig,
  type RunConfig,
  runFields,
  toInput,
} from '../engine/index.ts'

/** Adds one flag for each field of the run schema: `alpha` is --alpha, `algorithm.localSteps` is --local-steps. */
export function addConfigFlags(command: Command): Command {
  const seen = new Set<string>()
  for (const field of allFields(runFields)) {
    const flag = flagOf(field)
    if (seen.has(flag)) continue
    seen.add(flag)
    const option = new Option(`--${flag} ${field.kind === 'switch' ? '[boolean]' : `<${valueName(field)}>`}`, helpOf(field))
    command.addOption(field.kind === 'switch' ? option.preset('true') : option)
  }
  return command
}

/**
 * The run that the flags describe.
 * @param given the options that commander parsed, by camel-case name
 * @throws ConfigError naming flag, value and what is allowed
 */
export function configOfFlags(given: Record<string, unknown>): RunConfig {
  const draft: Record<string, string | boolean> = {}
  for (const field of allFields(runFields)) {
    const text = given[nameOf(field)]
    if (typeof text !== 'string') continue
    draft[field.path] = field.kind === 'switch' && (text === 'true' || text === 'false') ? text === 'true' : text
  }
  const active = new Set(activeFields(draft).map(nameOf))
  const idle = allFields(runFields).find((field) => field.path in draft && !active.has(nameOf(field)))
  if (idle)
    throw new ConfigError([
      { field: flagOf(idle), message: `got ${draft[idle.path]}, but --algorithm ${algorithmOf(draft)} has no such hyperparameter` },
    ])
  return parseRunConfig(toInput(draft))
}

function algorithmOf(draft: Draft): string {
  return String(draft['algorithm.id'] ?? DEFAULT_ALGORITHM)
}

/** `algorithm.id` -> algorithm, `algorithm.localSteps` -> localSteps, `compressor.ratio` -> compressorRatio */
function nameOf(field: FieldSpec): string {
  const [head, last] = field.path.split('.')
  if (last === undefined || last === 'id') return head
  return head === 'algorithm' ? last : `${head}${last[0].toUpperCase()}${last.slice(1)}`
}

function flagOf(field: FieldSpec): string {
  return nameOf(field).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function valueName(field: FieldSpec): string {
  return field.kind === 'number' ? 'number' : 'name'
}

function helpOf(field: FieldSpec): string {
  switch (field.kind) {
    case 'choice':
    case 'variant':
      return `${field.help}: ${field.options.join(', ')} (default ${field.initial})`
    case 'number':
      return `${field.help}; ${describeRange(field)} (default ${field.initial})`
    case 'switch':
      return `${field.help} (default ${field.initial})`
    default:
      field satisfies never
      throw new Error('unreachable')
  }
}
