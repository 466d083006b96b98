import { allFields } from './draft.ts'
import { describeRange, type FieldSpec, runFields } from './fields.ts'

const fields = new Map(allFields(runFields).map((field) => [field.path, field]))
/** Issues begin with the value that came, as JSON. */
const VALUE = /^got ("(?:[^"\\]|\\.)*"|[^;]*);/

/** How zod begins; other messages say more than the range of the field. */
const ABOUT_RANGE = /^got .*; (Too small|Too big|Invalid)/s

/** What is wrong with a field, in the words of the form, the address and the flags: what came, and what may stand there. */
export function issueText(path: string, message: string): string {
  const field = fields.get(path)
  const value = VALUE.exec(message)?.[1]
  if (!field || value === undefined || !ABOUT_RANGE.test(message)) return message
  return `got ${value === '""' ? 'nothing' : value}; allowed: ${allowedIn(field)}`
}

function allowedIn(field: FieldSpec): string {
  switch (field.kind) {
    case 'number': {
      const kind = field.integer ? 'whole numbers' : 'numbers'
      const range = describeRange(field)
      return range ? `${kind}, ${range}` : kind
    }
    case 'choice':
    case 'variant':
      return field.options.join(', ')
    case 'switch':
      return 'true, false'
    default:
      field satisfies never
      return ''
  }
}
