import { activeFields, draftOf, fieldValue, type RunConfig } from '../../engine/index.ts'
import { fieldLabel, optionLabel, texts } from '../texts/index.ts'
import { methodOf } from './kept-run.ts'

/** More than this many differences are no name any more. */
const MOST = 3

/** How closely a run is looked at makes it no other run. */
const ofLooking = new Set(['evaluateEvery', 'testImages'])

/** What a run is called beside another one: its values of the fields in which they differ, "Dirichlet α 100, Topology ring". */
export function differenceText(config: RunConfig, other: RunConfig): string {
  const draft = draftOf(config)
  const others = draftOf(other)
  const parts = activeFields(draft)
    .filter((field) => {
      if (ofLooking.has(field.path)) return false
      const value = String(fieldValue(draft, field))
      // A hyperparameter that the other's algorithm lacks is worth a word only where it is not the usual one.
      return value !== String(others[field.path] ?? field.initial)
    })
    .map((field) => valueText(field.path, String(fieldValue(draft, field))))
  if (parts.length === 0) return config.algorithm.id === other.algorithm.id ? texts.runs.same : methodOf(config.algorithm.id)
  return parts.length > MOST ? `${parts.slice(0, MOST).join(', ')} …` : parts.join(', ')
}

function valueText(path: string, value: string): string {
  return path === 'algorithm.id' ? methodOf(value) : `${fieldLabel(path)} ${fieldText(path, value)}`
}

/** A field's value as a reader sees it. */
function fieldText(path: string, value: string): string {
  if (path === 'algorithm.id') return methodOf(value)
  return value === 'true' || value === 'false' ? texts.runs.switch[value] : optionLabel(value)
}

/** All fields that count, with what they are by default. */
export function settingsOf(config: RunConfig): { label: string; value: string; usual: string }[] {
  const draft = draftOf(config)
  return activeFields(draft).map((field) => ({
    label: fieldLabel(field.path),
    value: fieldText(field.path, String(fieldValue(draft, field))),
    usual: fieldText(field.path, String(field.initial)),
  }))
}

/** A field of the form over several configurations. */
export interface ComparedField {
  label: string
  /** one for each of them; null where the field does not count beside what else was chosen */
  values: (string | null)[]
}

/** All fields that count in any of the configurations, in the order of the form. */
function comparedFields(configs: readonly RunConfig[]): ComparedField[] {
  const drafts = configs.map((config) => draftOf(config))
  const values = drafts.map(
    (draft) => new Map(activeFields(draft).map((field) => [field.path, fieldText(field.path, String(fieldValue(draft, field)))])),
  )
  const paths = new Set(values.flatMap((fields) => [...fields.keys()]))
  return [...paths].map((path) => ({ label: fieldLabel(path), values: values.map((fields) => fields.get(path) ?? null) }))
}

/** Those in which not all agree. */
export const differingFields = (configs: readonly RunConfig[]): ComparedField[] =>
  comparedFields(configs).filter(({ values }) => values.some((value) => value !== values[0]))
