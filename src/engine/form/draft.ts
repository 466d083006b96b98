import { findAlgorithm } from '../algorithms/index.ts'
import { ConfigError, DEFAULT_ALGORITHM, parseRunConfig, type RunConfig } from '../config.ts'
import { type FieldSpec, runFields } from './fields.ts'

/** What the user has typed, by field path: numbers stay text until they are valid. */
export type Draft = Readonly<Record<string, string | boolean>>

export interface CheckedDraft {
  /** null while anything is wrong */
  config: RunConfig | null
  /** field path -> what is wrong with it */
  issues: Record<string, string>
}

/** The fields that count for this draft: those of the chosen variants, and of the exchange only what the algorithm uses. */
export function activeFields(draft: Draft, fields: readonly FieldSpec[] = runFields): FieldSpec[] {
  const idle = idleFields(draft)
  return fields.flatMap((field) => {
    if (idle.includes(field.path)) return []
    if (field.kind !== 'variant') return [field]
    return [field, ...activeFields(draft, variantFields(field, draft))]
  })
}

function idleFields(draft: Draft): string[] {
  const algorithm = findAlgorithm(String(draft['algorithm.id'] ?? DEFAULT_ALGORITHM))
  if (!algorithm) return []
  const { compressors, partners } = algorithm
  return [
    ...['compressor.id', 'resetCompressor.id'].slice(compressors),
    ...(partners === 'neighbors' ? [] : ['topology']),
    ...(partners === 'everybody' ? [] : ['aggregation']),
    ...(partners === 'nobody' ? ['float16'] : []),
  ]
}

/** The fields of the chosen variant; none for a choice that does not exist, be it called `valueOf`. */
export function variantFields(field: Extract<FieldSpec, { kind: 'variant' }>, draft: Draft): FieldSpec[] {
  const chosen = String(fieldValue(draft, field))
  return Object.hasOwn(field.variants, chosen) ? field.variants[chosen] : []
}

/** What stands in the field: what was typed, or the default. */
export function fieldValue(draft: Draft, field: FieldSpec): string | boolean {
  const value = draft[field.path]
  if (value !== undefined) return value
  return field.kind === 'switch' ? field.initial : String(field.initial)
}

export function checkDraft(draft: Draft): CheckedDraft {
  try {
    return { config: parseRunConfig(toInput(draft)), issues: {} }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { config: null, issues: Object.fromEntries(error.issues.map(({ field, message }) => [field, message])) }
  }
}

/** The configuration as it came from a user, for parseRunConfig to judge. */
export function toInput(draft: Draft): unknown {
  const input: Record<string, unknown> = {}
  for (const field of activeFields(draft)) put(input, field.path, inputValue(field, fieldValue(draft, field)))
  // A field that the form does not know must reach the schema too, which names it in its complaint.
  const known = new Set(allFields(runFields).map((field) => field.path))
  for (const [path, value] of Object.entries(draft)) if (!known.has(path)) put(input, path, value)
  return input
}

export function draftOf(config: RunConfig): Draft {
  const draft: Record<string, string | boolean> = {}
  const walk = (prefix: string, value: unknown) => {
    if (value !== null && typeof value === 'object')
      for (const [name, part] of Object.entries(value)) walk(prefix ? `${prefix}.${name}` : name, part)
    else draft[prefix] = typeof value === 'boolean' ? value : String(value)
  }
  walk('', config)
  return draft
}

export function allFields(fields: readonly FieldSpec[]): FieldSpec[] {
  return fields.flatMap((field) => (field.kind === 'variant' ? [field, ...allFields(Object.values(field.variants).flat())] : [field]))
}

function inputValue(field: FieldSpec, value: string | boolean): unknown {
  if (field.kind === 'number' && typeof value === 'string') {
    const number = Number(value)
    return value.trim() === '' || Number.isNaN(number) ? value : number
  }
  return value
}

function put(input: Record<string, unknown>, path: string, value: unknown): void {
  const [head, ...rest] = path.split('.')
  if (rest.length === 0) {
    define(input, head, value)
    return
  }
  const inner = Object.hasOwn(input, head) ? input[head] : undefined
  const next = inner !== null && typeof inner === 'object' ? (inner as Record<string, unknown>) : {}
  define(input, head, next)
  put(next, rest.join('.'), value)
}

/** Plain assignment would let the name `__proto__` change the object's prototype. */
function define(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
}
