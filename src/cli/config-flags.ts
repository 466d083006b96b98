import { type Command, Option } from 'commander'
import {
  activeFields,
  allFields,
  ConfigError,
  type ConfigIssue,
  DEFAULT_ALGORITHM,
  type Draft,
  fieldValue,
  issueText,
  parseRunConfig,
  type RunConfig,
  runFields,
  toInput,
} from '../engine/index.ts'
import { offering } from './choices.ts'
import { readConfigFile } from './config-file.ts'
import { defaultOf, groupOf, helpOf } from './flag-help.ts'
import { algorithmFields, flagOf, nameOf, usageOf } from './flag-names.ts'

/** Adds one flag for each field of the run schema: `alpha` is --alpha, `algorithm.localSteps` is --local-steps; and --config. */
export function addConfigFlags(command: Command): Command {
  command.option('--config <file>', 'begin with the config.json of an earlier run instead of the defaults; flags change it')
  const seen = new Set<string>()
  for (const field of allFields(runFields)) {
    if (seen.has(flagOf(field))) continue
    seen.add(flagOf(field))
    const option = new Option(usageOf(field), helpOf(field)).default(undefined, defaultOf(field)).helpGroup(groupOf(field))
    if (field.kind === 'number') command.addOption(option)
    else command.addOption(offering(option, field.kind === 'switch' ? ['true', 'false'] : field.options))
  }
  return command
}

/**
 * The run that the flags describe, and the file of --config where it is among them.
 * @param given the options that commander parsed, by camel-case name
 * @throws ConfigError naming flag, value and what is allowed
 */
export async function configOfFlags(given: Record<string, unknown>): Promise<RunConfig> {
  const base = typeof given.config === 'string' ? await readConfigFile(given.config) : {}
  const flags = flagsDraft(given)
  const draft = { ...base, ...flags }
  try {
    refuseIdle(Object.keys(flags), draft)
    return parseRunConfig(toInput(draft))
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(error.issues.map(inFlags)) : error
  }
}

function flagsDraft(given: Record<string, unknown>): Draft {
  const draft: Record<string, string | boolean> = {}
  for (const field of allFields(runFields)) {
    const value = given[nameOf(field)]
    // A switch without a value is on.
    const text = value === true ? 'true' : value
    if (typeof text !== 'string') continue
    draft[field.path] = field.kind === 'switch' && (text === 'true' || text === 'false') ? text === 'true' : text
  }
  return draft
}

/** They mean nothing to some algorithms, and may stand in a command that is tried with many. */
const TAKEN_ALWAYS = ['topology', 'aggregation', 'float16']

/** Refuses flags that the chosen algorithm or compressor has no use for. Where that one does not exist either, the schema says so. */
function refuseIdle(flags: string[], draft: Draft): void {
  const fields = activeFields(draft)
  if (fields.some((field) => field.kind === 'variant' && !field.options.includes(String(fieldValue(draft, field))))) return
  // What means nothing is still to be right.
  for (const path of TAKEN_ALWAYS) if (flags.includes(path)) parseRunConfig({ [path]: draft[path] })
  const active = new Set([...fields.map(nameOf), ...TAKEN_ALWAYS])
  const idle = allFields(runFields).find((field) => flags.includes(field.path) && !active.has(nameOf(field)))
  if (idle) throw new ConfigError([{ field: idle.path, message: `got ${draft[idle.path]}, but ${whyIdle(idle.path, draft, active)}` }])
}

function whyIdle(path: string, draft: Draft, active: ReadonlySet<string>): string {
  const [head] = path.split('.')
  const algorithm = String(draft['algorithm.id'] ?? DEFAULT_ALGORITHM)
  if (head === 'algorithm') {
    const own = algorithmFields()[algorithm].map(flagOf)
    return `--algorithm ${algorithm} has no such hyperparameter; it has ${own.join(', ') || 'none'}`
  }
  if (active.has(head)) return `${flagOf({ path: head })} ${draft[`${head}.id`]} has no such hyperparameter`
  return `--algorithm ${algorithm} ${head === 'compressor' ? 'sends without compression' : 'has no error reset'}`
}

/** An issue of the schema in the words of the command line. */
function inFlags({ field: path, message }: ConfigIssue): ConfigIssue {
  return { field: flagOf({ path }), message: issueText(path, message) }
}
