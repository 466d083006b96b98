import { z } from 'zod'
import { runConfigSchema } from '../config.ts'

/** How one field of the schema is edited. */
export type FieldSpec = {
  /** dotted path, as in flags, the URL and ConfigIssue: `alpha`, `algorithm.beta` */
  path: string
  /** the schema's own sentence about the field */
  help: string
} & (
  | { kind: 'choice'; options: string[]; initial: string }
  | { kind: 'switch'; initial: boolean }
  | ({ kind: 'number'; integer: boolean; initial: number } & NumberRange)
  /** a discriminated union: one choice, and the fields that belong to each option */
  | { kind: 'variant'; options: string[]; initial: string; variants: Record<string, FieldSpec[]> }
)

export interface NumberRange {
  min?: number
  max?: number
  /** bounds that are themselves not allowed */
  above?: number
  below?: number
}

/** The part of JSON Schema that run configurations are made of. */
interface JsonSchema {
  type?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  description?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  properties?: Record<string, JsonSchema>
  oneOf?: JsonSchema[]
}

/** The form of a zod object schema. Throws on a kind of field that the form cannot edit, naming it. */
export function fieldsOf(schema: z.ZodType): FieldSpec[] {
  const json = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema
  return Object.entries(json.properties ?? {}).map(([name, field]) => fieldOf(name, field))
}

function fieldOf(path: string, schema: JsonSchema): FieldSpec {
  const help = schema.description ?? ''
  if (schema.oneOf) return variantOf(path, help, schema, schema.oneOf)
  if (schema.enum) {
    const options = schema.enum.map(String)
    return { path, help, kind: 'choice', options, initial: String(schema.default ?? options[0]) }
  }
  switch (schema.type) {
    case 'boolean':
      return { path, help, kind: 'switch', initial: schema.default === true }
    case 'integer':
    case 'number':
      return { path, help, kind: 'number', integer: schema.type === 'integer', initial: Number(schema.default ?? 0), ...rangeOf(schema) }
    default:
      throw new Error(`the form cannot edit the field ${path} of type ${schema.type}; expected a choice, a switch, a number or a union`)
  }
}

function variantOf(path: string, help: string, schema: JsonSchema, members: JsonSchema[]): FieldSpec {
  const variants = Object.fromEntries(
    members.map(({ properties: { id, ...others } = {} }) => [
      String(id?.const),
      Object.entries(others).map(([name, field]) => fieldOf(`${path}.${name}`, field)),
    ]),
  )
  const options = Object.keys(variants)
  const initial = (schema.default as { id?: string } | undefined)?.id ?? options[0]
  return { path: `${path}.id`, help, kind: 'variant', options, initial, variants }
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): NumberRange {
  return {
    ...(minimum !== undefined && { min: minimum }),
    // zod bounds every integer by the safe integers: no news for a reader
    ...(maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER && { max: maximum }),
    ...(exclusiveMinimum !== undefined && { above: exclusiveMinimum }),
    ...(exclusiveMaximum !== undefined && { below: exclusiveMaximum }),
  }
}

/** "10 to 50,000", "above 0, at most 100"; empty where anything goes. */
export function describeRange({ min, max, above, below }: NumberRange): string {
  const text = (value: number) => value.toLocaleString('en-US')
  if (min !== undefined && max !== undefined) return `${text(min)} to ${text(max)}`
  const low = min !== undefined ? `at least ${text(min)}` : above !== undefined ? `above ${text(above)}` : ''
  const high = max !== undefined ? `at most ${text(max)}` : below !== undefined ? `below ${text(below)}` : ''
  return [low, high].filter(Boolean).join(', ')
}

/** Every field of a run, in the order of the schema. */
export const runFields: FieldSpec[] = fieldsOf(runConfigSchema)
